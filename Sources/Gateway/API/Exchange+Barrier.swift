import Access
import EventLoop
import Incidents
import Replication
import Store

/// What a request has confirmed before it is answered.
@ClientLoop extension Exchange {
  /// Makes sure that this node has all that was acknowledged to anybody before now.
  ///
  /// - Parameter problem: What is answered if nobody confirms it in time, with the milliseconds
  ///   after which it is worth asking again.
  func confirm(orElse problem: (Int64) -> Problem) async throws(Problem) {
    guard deadline.isOpen else { throw problem(1_000) }
    switch await api.cluster.readIndex(within: deadline.left) {
    case .ready: return
    case .unavailable(let retryAfter, _): throw problem(retryAfter.nanoseconds / 1_000_000)
    }
  }

  /// Looks a token up here, before anybody else is troubled by it.
  ///
  /// A token that was revoked or has run out stays so and is turned away at once. One that nobody here has may have been
  /// issued a moment ago on another node; but whoever makes tokens up shall not cause a quorum
  /// round with each, so such look-ups are few.
  func greet(_ proof: Proof) throws(Problem) {
    let reader = api.reader
    let credential = try reader.within(deadline) { () throws(Problem) in
      reader.credential(hash: proof.hash)
    }
    guard let credential else { return try admitStranger() }
    // Of a session only a look at the rest of the state can tell.
    guard credential.kind == .session || credential.works(at: Wall.now()) else {
      throw .unauthenticated
    }
  }

  /// Spends one of the look-ups that unknown tokens have between them.
  func admitStranger() throws(Problem) {
    guard api.strangers.take(at: api.quotaClock()) else { throw .tooManyStrangers }
  }
}
