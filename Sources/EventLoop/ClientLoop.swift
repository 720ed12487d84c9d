/// The loop of the client's side: TLS, HTTP and the gateway's tasks.
///
/// Start its tasks with `Task(executorPreference: ClientLoop.loop)` and isolate their code with
/// `@ClientLoop`; without either, every continuation takes a trip through another thread.
@globalActor package actor ClientLoop {
  package static let shared = ClientLoop()
  /// The thread behind it.
  package static let loop = EventLoop(name: "client")

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe ClientLoop.loop.asUnownedSerialExecutor()
  }
}
