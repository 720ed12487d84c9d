/// The loop of the client's side: TLS, HTTP and the gateway's tasks.
///
/// Start its tasks with `Task(executorPreference: ClientLoop.loop)` and isolate their code with
/// `@ClientLoop`; without either, every continuation takes a trip through another thread.
@globalActor package actor ClientLoop {
  package static let shared = ClientLoop()
  /// The thread behind it.
  package static let loop = EventLoop(name: "client")

  /// The loop, as the actor's executor.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe ClientLoop.loop.asUnownedSerialExecutor()
  }
}

extension ClientLoop {
  /// Runs `body` as code of the client loop, from a callback that is on its thread.
  package static func assumeOnLoop(_ body: @ClientLoop () -> Void) {
    loop.checkIsolated()
    withoutActuallyEscaping(body) { body in
      // The thread was checked above, and an isolation is nothing but the thread.
      unsafe unsafeBitCast(body, to: (() -> Void).self)()
    }
  }
}
