import HTTP

/// Why a stream does not begin, or does not go on.
extension Problem {
  /// No place in the stream can be told so far: the cluster has just begun, or some node runs an older
  /// version.
  package static let streamNotReady: Problem = {
    var problem = Problem(
      .serviceUnavailable, "stream-not-ready", title: "The stream is not ready yet",
      detail: "It begins once every node runs this version; see muster cluster status.")
    problem.retryAfter = 5
    return problem
  }()

  /// `Last-Event-ID` is none of ours.
  package static let positionUnknown = Problem(
    .badRequest, "position-unknown", title: "This is no place in this cluster's stream",
    detail: "Send as Last-Event-ID, or as ?after=, an id that a stream of this cluster gave, as it "
      + "came; or leave it out to begin with what happens next, and read the lists anew.")

  /// Nobody can go on from there any more.
  package static let positionGone = Problem(
    .gone, "position-gone", title: "The stream cannot go on from there",
    detail:
      "The id is more than seven days old, or the cluster was recovered since. Leave it out to "
      + "begin with what happens next, and read the lists anew.")

  /// More streams than one credential has.
  package static let tooManyStreams: Problem = {
    var problem = Problem(
      .tooManyRequests, "too-many-streams", title: "You follow too many streams",
      detail: "A credential follows at most \(FeedDesk.mostOfOne) streams at one node. End one.")
    problem.retryAfter = 30
    return problem
  }()

  /// More streams than one node has.
  package static let streamsBusy: Problem = {
    var problem = Problem(
      .serviceUnavailable, "streams-busy", title: "Too many follow this node",
      detail: "Follow another node. Lists and everything else work here.")
    problem.retryAfter = 30
    return problem
  }()

  /// The node is being stopped.
  package static let stopping: Problem = {
    var problem = Problem(
      .serviceUnavailable, "stopping", title: "This node stops",
      detail: "Go on at another node, with the last id as Last-Event-ID.")
    problem.retryAfter = 1
    return problem
  }()
}
