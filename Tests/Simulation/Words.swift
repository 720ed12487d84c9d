import Raft
import Replication
import Store

/// A line of the conversation between the nodes. Put into words only when somebody reads it.
enum Line {
  case said(NodeID, NodeID, PeerFrame)
  case noticed(NodeID, Notice)
  case persisted(NodeID, [PersistBatch])
  case applied(NodeID, Position)
  case told(String)

  var words: String {
    switch self {
    case .said(let from, let to, let frame): "\(from) → \(to): \(frame.words)"
    case .noticed(let node, let notice): "\(node): \(notice.words)"
    case .persisted(let node, let batches):
      "\(node): disk holds " + batches.map(\.words).joined(separator: "; ")
    case .applied(let node, let position): "\(node): applied through \(position.words)"
    case .told(let text): text
    }
  }
}

extension Position {
  var words: String { "(\(term.rawValue), \(index.rawValue))" }
}

extension PersistBatch {
  fileprivate var words: String {
    var parts: [String] = []
    if let hardState {
      let vote = hardState.vote.map { "a vote for \($0)" } ?? "no vote"
      parts.append("\(hardState.term) with \(vote)")
    }
    if let install {
      parts.append("the state through \(install.base.position.words), file \(install.generation)")
    }
    if let trim { parts.append("a log from after \(trim.position.words)") }
    if let truncateFrom { parts.append("nothing from \(truncateFrom.rawValue) on") }
    if let first = entries.first, let last = entries.last {
      parts.append("\(first.position.index.rawValue)…\(last.position.words)")
    }
    return parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
  }
}

extension PeerFrame {
  fileprivate var words: String {
    switch self {
    case .hello: "hello"
    case .message(let message): message.words
    case .forward(let id, _): "write \(id) of a client here, please"
    case .forwarded(let id, .appended(let position)): "write \(id) is at \(position.words)"
    case .forwarded(let id, .notLeader(let leader)):
      "write \(id) is not for me; \(leader.map { "\($0)" } ?? "nobody") leads"
    case .forwarded(let id, .overloaded): "write \(id) is too much"
    case .clock(let time): "it is \(time)"
    case .digest(let digest): "my state at \(digest.index.rawValue) is \(digest.digest.prefix(4))"
    case .diverged(let index): "your state is wrong from \(index.rawValue) on"
    case .wantsState: "give me another state"
    case .stopped(let index): "I have stopped before \(index.rawValue)"
    case .snapshot(.offer(let meta)): "take my state through \(meta.base.position.words)"
    case .snapshot: "a piece of a state"
    }
  }
}

extension Message {
  fileprivate var words: String {
    switch self {
    case .voteRequest(let request):
      "would you vote (\(request.kind)) for me in \(request.term), with \(request.last.words)?"
    case .vote(let vote):
      "\(vote.granted ? "yes" : "no"), \(vote.isPreVote ? "I would" : "I vote") in \(vote.term)"
    case .append(let request): request.words
    case .appended(let answer):
      switch answer.outcome {
      case .matched(let index): "I hold through \(index.rawValue) in \(answer.term)"
      case .refused(let index, let hint):
        "I do not agree at \(index.rawValue) in \(answer.term), perhaps at \(hint.words)"
      }
    case .heartbeat(let heartbeat):
      "I lead \(heartbeat.term), committed \(heartbeat.commit.rawValue), round \(heartbeat.round)"
    case .heartbeatAnswer(let answer): "I follow in \(answer.term), round \(answer.round)"
    case .campaignNow(let term, let last): "campaign after \(term), from \(last.words)"
    case .readRequest(let term, let id): "from where may read \(id) go on in \(term)?"
    case .readAnswer(_, let id, let index):
      "read \(id) " + (index.map { "from \($0.rawValue)" } ?? "cannot be had")
    }
  }
}

extension AppendEntries {
  fileprivate var words: String {
    let what =
      if let first = entries.first, let last = entries.last {
        "append \(first.position.index.rawValue)…\(last.position.index.rawValue)"
      } else {
        "do you hold all"
      }
    return "\(what) of \(term) after \(previous.words), committed \(commit.rawValue)"
  }
}

extension Notice {
  fileprivate var words: String {
    switch self {
    case .becameFollower(let leader?, let term): "follows \(leader) in \(term)"
    case .becameFollower(nil, let term): "follows nobody in \(term)"
    case .becamePreCandidate(let term): "asks whether it could lead after \(term)"
    case .becameCandidate(let term): "campaigns in \(term)"
    case .becameLeader(let term): "leads \(term)"
    case .steppedDown(let term, let why): "no longer leads \(term): \(why)"
    case .membershipChanged(let index): "has other members by \(index.rawValue)"
    case .levelChanged(let level, let index):
      "goes on at level \(level) from \(index.rawValue)"
    }
  }
}
