import { z } from "zod";
import { expected } from "../../errors/schemas.ts";
import type { BackendOptions } from "../backend-option.ts";

/** A reference as the Engine takes it: a name with or without registry, tag and digest. */
const imageReference = /^[\w][\w.:/@-]*$/;

export const dockerOptions = {
  image: {
    schema: z
      .string(expected("the name of an image such as my-store:1.2"))
      .regex(imageReference, expected("the name of an image such as my-store:1.2")),
    argument: "<name>",
    help: "run nodes in this image, which needs Node 24 and iptables",
    usually: "one that Keelhaul builds",
  },
} as const satisfies BackendOptions;
