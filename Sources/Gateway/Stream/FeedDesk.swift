import Bytes
package import EventLoop
import Raft
import Replication

/// All who follow what happens at one node. It wakes them when the node has applied something more.
@ClientLoop package final class FeedDesk {
  /// Streams of one node, each with a connection: an eighth of these.
  package nonisolated static let mostOfAll = 256
  /// Streams of one credential at one node.
  package nonisolated static let mostOfOne = 8
  /// So often whoever waits looks whether their reader is still there.
  private static let beat = Duration.seconds(1)
  /// Applied one after the other within this time is read together.
  private static let gathering = Duration.milliseconds(20)

  /// Something is said at least so often, that a reader and what is between can tell a rest from an end.
  package var heartbeat = Duration.seconds(15)
  /// How long a reader is told nothing because nobody confirms what is the latest, before they are sent to
  /// another node.
  package var patience = Duration.seconds(10)

  private let cluster: any Cluster
  private var feeds: [ObjectIdentifier: Feed] = [:]
  private var isWatching = false
  private var hasEnded = false

  init(_ cluster: any Cluster) { self.cluster = cluster }

  /// How many follow now.
  package var count: Int { feeds.count }

  /// The last index that the node has applied.
  var applied: LogIndex { cluster.status.applied }

  /// The shortest time between two looks of one stream: together they look at most 500 times a second.
  var gap: Duration { .milliseconds(max(20, 2 * feeds.count)) }

  /// Makes sure that there is room for one more stream of a credential.
  func admit(_ credential: ID) throws(Problem) {
    guard !hasEnded else { throw .stopping }
    guard feeds.count < Self.mostOfAll else { throw .streamsBusy }
    guard feeds.values.count(where: { $0.credential == credential }) < Self.mostOfOne else {
      throw .tooManyStreams
    }
  }

  func join(_ feed: Feed) throws(Problem) {
    try admit(feed.credential)
    feeds[ObjectIdentifier(feed)] = feed
    guard !isWatching else { return }
    isWatching = true
    Task(name: "streams", executorPreference: ClientLoop.loop) { await self.watch() }
  }

  func leave(_ feed: Feed) { feeds[ObjectIdentifier(feed)] = nil }

  /// Ends all streams: each tells its reader to go on elsewhere.
  package func end() {
    hasEnded = true
    for feed in feeds.values { feed.end() }
  }

  /// Wakes all when something more was applied, and every second.
  private func watch() async {
    while !feeds.isEmpty {
      let before = applied
      let isNews = await cluster.waitApplied(before.next, upTo: Self.beat)
      // A cluster that does not wait is not asked again and again.
      if isNews || applied == before { await pause(Self.gathering) }
      for feed in feeds.values { feed.wake() }
    }
    isWatching = false
  }

  /// Waits on the client loop.
  func pause(_ duration: Duration) async {
    await withCheckedContinuation { waiter in
      _ = ClientLoop.loop.schedule(after: duration) { waiter.resume() }
    }
  }
}
