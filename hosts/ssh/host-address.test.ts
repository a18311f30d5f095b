import { expect, test } from "vitest";
import { parseHosts, shortForm } from "./host-address.ts";

test("hosts are read with all that can be said of one", () => {
  expect(parseHosts("n1,root@10.0.0.1:2222+peer=172.18.0.2+key=/k/id+agent=/a+jump=me@bastion:22")).toMatchObject([
    { host: "n1", user: undefined, port: undefined, peer: undefined },
    {
      host: "10.0.0.1",
      user: "root",
      port: 2222,
      peer: "172.18.0.2",
      key: "/k/id",
      agent: "/a",
      jump: "me@bastion:22",
    },
  ]);
});

test("a host given by its fields has the same short form as on the command line", () => {
  const fields = { host: "10.0.0.1", user: "root", port: 2222, peer: "172.18.0.2" };
  expect(shortForm(fields)).toBe("root@10.0.0.1:2222+peer=172.18.0.2");
  expect(parseHosts(shortForm(fields))).toMatchObject([fields]);
});

test.each([
  ["root@", '"root@" is no host; expected [user@]host[:port]'],
  ["n1:70000", '"n1:70000" is no host'],
  ["-oProxyCommand=id", "is no host"],
  ["n1,n2,n1", '"n1" is listed twice; each node needs a machine of its own'],
  ["n1+peer=n2", 'peer="n2" of n1 is no address; expected an IPv4 address such as 10.0.0.5'],
  ["n1+colour=red", '"colour=red" in "n1+colour=red" is no setting of a host'],
  ["n1+jump=a b", '"a b" is no host'],
])("hosts %j are refused: %s", (text, message) => {
  expect(() => parseHosts(text)).toThrow(message);
});
