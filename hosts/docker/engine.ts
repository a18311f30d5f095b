import Docker from "dockerode";
import { UsageError } from "../../errors/errors.ts";

/** The Docker Engine that DOCKER_HOST names, or the usual socket. Throws a UsageError when no daemon answers there. */
export async function connectEngine(): Promise<Docker> {
  const docker = new Docker();
  try {
    await docker.ping();
  } catch (error) {
    const address = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
    throw new UsageError(`docker: no daemon answers at ${address}; start it, or see \`keelhaul doctor\``, {
      cause: error,
    });
  }
  return docker;
}
