import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

/// One reader's stream (server-sent events): what happens to incidents, from a place in the ledger on, as
/// far as they may know of it.
///
/// It reads in pieces, each as any other read: with a quorum's word that it is the latest, in one
/// transaction, with credential and rights as they are then. So it holds one piece at most, and a reader
/// who does not take it loses the connection and no event.
@ClientLoop final class Feed: ResponseTail {
  /// Rows of the ledger that are looked at in one piece.
  private nonisolated static let rows = 500
  /// Bytes of one piece; one event may go beyond it.
  private nonisolated static let bytes = 256 * 1_024

  /// What a stream begins with.
  struct Opening: Sendable {
    let filter: IncidentFilter
    let key: StreamKey
    let position: UInt64
  }

  /// Whose it is.
  let credential: ID
  private let exchange: Exchange
  private let opening: Opening
  private var position: UInt64
  /// When something was last said, and when the latest was last known.
  private var saidAt = Wall.monotonic()
  private var confirmedAt = Wall.monotonic()
  private var hasEnded = false
  private var hasNews = false
  private var waiter: CheckedContinuation<Void, Never>?

  init(_ exchange: Exchange, _ opening: Opening, credential: ID) {
    self.exchange = exchange
    self.opening = opening
    self.credential = credential
    position = opening.position
  }

  private var desk: FeedDesk { exchange.api.feeds }

  @ClientLoop func send(to client: any TailReader) async {
    do {
      try desk.join(self)
      defer { desk.leave(self) }
      try await follow(client)
    } catch let problem as Problem {
      // A reader who is gone needs no reason.
      try? await client.take(StreamText.problem(problem))
    } catch {
      // They went, or were too slow: they come again with the last id that they have.
    }
  }

  /// Lets it look again.
  func wake() {
    hasNews = true
    waiter?.resume()
    waiter = nil
  }

  /// Ends it.
  func end() {
    hasEnded = true
    wake()
  }

  private struct Gone: Error {}

  private func follow(_ client: any TailReader) async throws {
    try await client.take(StreamText.beginning + beat())
    while true {
      let applied = desk.applied
      let began = Wall.monotonic()
      guard let piece = try await attempt() else {
        // Tried again with the next beat, whether or not anything more is applied.
        try await rest(client)
        continue
      }
      if !piece.text.isEmpty {
        try await client.take(piece.text)
        saidAt = Wall.monotonic()
      }
      position = piece.through
      guard !hasEnded else { throw Problem.stopping }
      guard piece.isAtEnd else { continue }
      try await wait(beyond: applied, client)
      let early = desk.gap.nanoseconds - (Wall.monotonic() - began)
      if early > 0 { await desk.pause(.nanoseconds(early)) }
    }
  }

  /// What comes next; `nil` while nobody can say, for as long as a reader may be left without.
  private func attempt() async throws(Problem) -> Piece? {
    do throws(Problem) {
      let piece = try await read()
      confirmedAt = Wall.monotonic()
      return piece
    } catch  where error.status == .serviceUnavailable {
      guard Wall.monotonic() - confirmedAt < desk.patience.nanoseconds else { throw error }
      return nil
    }
  }

  /// Waits until the node has applied more, or something is to be said.
  private func wait(beyond applied: LogIndex, _ client: any TailReader) async throws {
    while desk.applied <= applied {
      if try await rest(client) { return }
    }
  }

  /// Waits for a beat or for news. True when a sign of life was due: then the credential is looked at too.
  @discardableResult private func rest(_ client: any TailReader) async throws -> Bool {
    if !hasNews { await withCheckedContinuation { waiter = $0 } }
    hasNews = false
    guard !hasEnded else { throw Problem.stopping }
    guard await !client.hasGone() else { throw Gone() }
    guard Wall.monotonic() - saidAt >= desk.heartbeat.nanoseconds else { return false }
    try await client.take(beat())
    saidAt = Wall.monotonic()
    return true
  }

  private func beat() -> [UInt8] {
    StreamText.beat(id: opening.key.text(position, at: Wall.now()))
  }
}

/// Reading a piece.
extension Feed {
  /// What comes next.
  private struct Piece: Sendable {
    var text: [UInt8] = []
    var through: UInt64
    var isAtEnd: Bool
    var shown: [Incident] = []
    var restricted: [RestrictedIncident] = []

    mutating func show(_ incident: Incident) {
      guard incident.isRestricted, !shown.contains(where: { $0.id == incident.id }) else { return }
      shown.append(incident)
    }
  }

  private func read() async throws(Problem) -> Piece {
    let (opening, position) = (opening, position)
    let exchange = Exchange(
      api: exchange.api, request: exchange.request, remote: exchange.remote,
      certificate: exchange.certificate, deadline: Deadline(within: exchange.api.patience))
    let (piece, _, principal, _) = try await exchange.far(isUse: false, isLatest: true) {
      desk throws(Problem) in try Self.piece(after: position, opening, desk)
    }
    // Who is shown what is restricted is in the record before it is sent.
    if !piece.restricted.isEmpty {
      try await exchange.api.noteReads(
        of: piece.restricted, by: principal, .confirmed, exchange.deadline)
    }
    return piece
  }

  private nonisolated static func piece(
    after position: UInt64, _ opening: Opening, _ desk: Desk
  ) throws(Problem) -> Piece {
    let found = try desk.reader.ask { reader throws(StoreError) in
      try reader.stream(after: position, rows: rows)
    }
    let view = StreamView(names: desk.names)
    var piece = Piece(through: position, isAtEnd: found.isAtEnd)
    var known: [ID: Incident?] = [:]
    for (id, entry) in found.entries {
      if piece.text.count >= bytes {
        // The rest of it comes with the next piece.
        piece.isAtEnd = false
        piece.restricted = desk.restricted(piece.shown)
        return piece
      }
      piece.through = entry.position
      let incident: Incident?
      if let seen = known[id] { incident = seen } else { incident = try look(id, desk) }
      known[id] = .some(incident)
      guard let incident, opening.filter.admits(incident, entry.event.fact) else { continue }
      piece.show(incident)
      piece.text += StreamText.entry(
        id: opening.key.text(entry.position, at: desk.now), view.json(of: entry, on: incident))
    }
    // Behind the last entry of incidents are rows of other things, which are passed over too.
    piece.through = found.through
    piece.restricted = desk.restricted(piece.shown)
    return piece
  }

  /// The incident as it is now, for whoever may know of it.
  private nonisolated static func look(_ id: ID, _ desk: Desk) throws(Problem) -> Incident? {
    try desk.reader.ask { reader throws(StoreError) in
      guard let incident = reader.incident(id), try desk.sight.sees(incident) else { return nil }
      return incident
    }
  }
}

extension IncidentFilter {
  /// Whether a stream that is narrowed so tells what happened to an incident: by its team, service and
  /// priority now, or by the priority that it had before this.
  fileprivate func admits(_ incident: Incident, _ fact: Fact) -> Bool {
    guard teams.isEmpty || teams.contains(incident.teams.owner) else { return false }
    if !services.isEmpty {
      guard let service = incident.service, services.contains(service) else { return false }
    }
    guard !priorities.isEmpty else { return true }
    if case .priorityChanged(let change) = fact, priorities.contains(change.before.priority) {
      return true
    }
    return priorities.contains(incident.classification.priority)
  }
}
