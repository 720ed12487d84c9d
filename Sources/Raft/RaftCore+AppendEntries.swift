// The follower's side of replication (paper, section 5.3).
extension RaftCore {
  /// Takes in what the leader of this term has after `request.previous`.
  ///
  /// The acknowledgement waits for the disk, because it is a promise that outlives a power cut. The
  /// answer to a read round does not: it only says that this node still follows.
  mutating func receive(
    _ request: AppendEntries, from leader: NodeID, into output: inout Output
  ) {
    follow(leader, heirs: request.heirs, into: &output)
    toldSkips = request.skips
    guard agrees(with: request.previous) else {
      let hint = log.lastPosition(notAfter: request.previous)
      let outcome = Appended.Outcome.refused(previous: request.previous.index, hint: hint)
      noteAnswer(round: request.round)
      say(
        .appended(Appended(term: term, outcome: outcome, round: request.round)), to: leader,
        into: &output)
      return
    }

    take(request.entries, after: request.previous, into: &output)
    let matched = request.previous.index.advanced(by: request.entries.count)
    commit = max(commit, min(request.commit, matched))

    let answer = Message.appended(
      Appended(term: term, outcome: .matched(matched), round: request.round))
    if matched <= durable {
      say(answer, to: leader, into: &output)
    } else {
      if request.round > answeredRound {
        // A read should not wait for a disk.
        let early = HeartbeatAnswer(term: term, round: request.round)
        say(.heartbeatAnswer(early), to: leader, into: &output)
      }
      promise(answer, to: leader, into: &output)
    }
    noteAnswer(round: request.round)
  }

  mutating func receive(
    _ heartbeat: Heartbeat, from leader: NodeID, into output: inout Output
  ) {
    follow(leader, heirs: heartbeat.heirs, into: &output)
    toldSkips = heartbeat.skips
    commit = max(commit, min(heartbeat.commit, log.last.index))
    // Many heartbeats only carry a commit, right after an append was answered: one answer a tick
    // tells the leader that this node is there, and a new round is always answered.
    guard heartbeat.round > answeredRound || now != answeredAt else { return }
    noteAnswer(round: heartbeat.round)
    let answer = HeartbeatAnswer(term: term, round: heartbeat.round)
    say(.heartbeatAnswer(answer), to: leader, into: &output)
  }

  private mutating func noteAnswer(round: UInt64) {
    answeredRound = max(answeredRound, round)
    answeredAt = now
  }

  /// Whether the logs agree at `previous`. What is committed agrees by leader completeness, also
  /// where its term is no longer known.
  private func agrees(with previous: Position) -> Bool {
    guard previous.index <= commit else { return log.holds(previous) }
    let known = log.term(at: previous.index)
    precondition(
      known == nil || known == previous.term,
      "\(previous) contradicts the committed entry of \(known ?? .zero) there.")
    return true
  }

  /// Adds what is new, after removing what contradicts it. Said late or twice it changes nothing,
  /// and an old append never shortens the log.
  private mutating func take(
    _ entries: [Entry], after previous: Position, into output: inout Output
  ) {
    var held = 0
    while held < entries.count {
      let position = entries[held].position
      precondition(
        position.index.rawValue == previous.index.rawValue + UInt64(held) + 1
          && position.term <= term,
        "Entry \(position) is out of place, \(held) after \(previous) in \(term).")
      guard position.index <= log.last.index else { break }
      if log.holds(position) || position.index < log.firstKnown {
        held += 1
        continue
      }
      truncate(from: position.index, into: &output)
    }
    for entry in entries[held...] { append(entry, into: &output) }
  }
}
