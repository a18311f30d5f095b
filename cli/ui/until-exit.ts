/** Also disposes of a resource when the process exits, or is about to print an error that nothing caught. */
export function untilExit(resource: Disposable): Disposable {
  const resources = new DisposableStack();
  const dispose = (): void => resources.dispose();
  process.on("exit", dispose);
  process.on("uncaughtExceptionMonitor", dispose);
  resources.defer(() => {
    process.off("exit", dispose);
    process.off("uncaughtExceptionMonitor", dispose);
  });
  resources.use(resource);
  return resources;
}
