import Docker from "dockerode";
import { UsageError } from "../../errors/errors.ts";

/** The Docker Engine that DOCKER_HOST names, or the usual socket. Throws a UsageError when no daemon answers there. */
export async function connectEngine(): Promise<Docker> {
  const docker = new Docker();
  try {
    await docker.ping();
  } catch (error) {
    const address = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
    throw new UsageError(`no daemon answers at ${address}`, { cause: error });
  }
  return docker;
}

/** What answers. */
export async function engineVersion(): Promise<string> {
  const { Version: version } = await (await connectEngine()).version();
  return `Docker Engine ${version}`;
}
