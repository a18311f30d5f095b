import Docker from "dockerode";

/** Whether tests with containers can run. Without a daemon they are skipped, loudly, unless they are required. */
export async function dockerTestsRun(file: string): Promise<boolean> {
  const answers = await new Docker().ping().then(
    () => true,
    () => false,
  );
  if (answers || process.env["KEELHAUL_REQUIRE_DOCKER"] === "1") return true;
  console.warn(`${file}: SKIPPED, as no Docker daemon answers; docker/ensure-docker.sh starts one`);
  return false;
}
