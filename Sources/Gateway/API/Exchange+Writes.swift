import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

@ClientLoop extension Exchange {
  /// What reads a body into an action. It runs inside one read transaction.
  typealias ReadBody<Wanted> =
    @Sendable (Clerk<StateReader>, inout BodyReader) throws(Problem) -> Wanted

  /// A write whose answer is its outcome.
  func write(_ read: ReadBody<Action>) async throws(Problem) -> Response {
    let done = try await submit { _, clerk throws(Problem) in try self.read(clerk, read) }
    return done.response
  }

  /// Something about the incident that the path names.
  func act(
    on name: IncidentName, _ read: ReadBody<IncidentAction>
  ) async throws(Problem) -> Response {
    let done = try await submit { _, clerk throws(Problem) in
      let incident = try clerk.facts.id(of: name)
      return .incident(incident, try self.read(clerk, read))
    }
    return done.response
  }

  /// `POST /v1/incidents`.
  func declare() async throws(Problem) -> Response {
    try await write { clerk, body throws(Problem) in .declare(try clerk.declaration(&body)) }
  }

  /// `POST /v1/people/{person}/tokens`.
  func issueToken(to name: PersonName) async throws(Problem) -> Response {
    let token = Token.make()
    let done = try await submit { principal, clerk throws(Problem) in
      let person =
        switch name {
        case .me: principal.person.id
        case .id(let id): id
        }
      let label = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.tokenLabel(&body)
      }
      return .issueCredential(
        NewCredential(id: clerk.makeID(), person: person, hash: token.hash, label: label))
    }
    // A repeat issues nothing: the token that it is about was shown the first time, to whoever
    // asked then, and nobody has it any more.
    return done.answer { json in
      json.member("token", done.isRepeat ? nil : token.spelling)
    }
  }

  /// `POST /v1/alerts/alertmanager`.
  ///
  /// No idempotency key: that it is said again is news, and the domain counts it.
  func takeAlerts() async throws(Problem) -> Response {
    let prepared = try await prepare { _, clerk throws(Problem) in
      try self.read(clerk) { clerk, body throws(Problem) in
        try AlertmanagerWebhook(&body).notifications(clerk)
      }
    }
    var done: [Done] = []
    for notification in prepared.value {
      done.append(try await submit(prepared.command(.alert(notification))))
    }
    return Done.response(to: done)
  }

  /// Reads the whole body.
  private func read<Wanted>(
    _ clerk: Clerk<StateReader>, _ read: ReadBody<Wanted>
  ) throws(Problem) -> Wanted {
    var body = BodyReader(request.body)
    let wanted = try read(clerk, &body)
    try body.finish()
    return wanted
  }
}

/// The way of a write.
@ClientLoop extension Exchange {
  /// What was made of a request before anything was sent.
  struct Prepared<Value> {
    let principal: Principal
    let now: Int64
    let value: Value

    /// A command of this request.
    func command(
      _ action: Action, key: IdempotencyKey? = nil, expecting version: UInt64? = nil
    ) -> Command {
      Command(
        actor: principal.actor, key: key, receivedAt: now, salt: secureRandom(Bound.salt),
        expectedVersion: version, action: action)
    }
  }

  /// Authenticates and reads the request in one read transaction.
  ///
  /// What this node does not know may be news that has not reached it yet. Before such an answer it
  /// makes sure that it has all that was acknowledged to anybody, and looks once more.
  func prepare<Value>(
    _ make: (Principal, Clerk<StateReader>) throws(Problem) -> Value
  ) async throws(Problem) -> Prepared<Value> {
    let token = try self.token()
    do throws(Problem) {
      return try prepareOnce(token, make)
    } catch {
      guard error.mayBeNews || error.needsToken else { throw error }
      guard case .ready = await api.cluster.readIndex() else { throw error }
      return try prepareOnce(token, make)
    }
  }

  private func prepareOnce<Value>(
    _ token: Token, _ make: (Principal, Clerk<StateReader>) throws(Problem) -> Value
  ) throws(Problem) -> Prepared<Value> {
    let now = Wall.now()
    let reader = api.reader
    return try reader.within { () throws(Problem) in
      let principal = try reader.principal(of: token)
      let clerk = Clerk(facts: reader, now: now, random: randomUInt64Pair)
      return Prepared(principal: principal, now: now, value: try make(principal, clerk))
    }
  }

  /// Has an action done, and answers what came of it.
  func submit(
    _ make: (Principal, Clerk<StateReader>) throws(Problem) -> Action
  ) async throws(Problem) -> Done {
    let key = try idempotencyKey()
    let expected = try expectedVersion()
    let prepared = try await prepare(make)
    return try await submit(
      prepared.command(prepared.value, key: key, expecting: expected))
  }

  /// Has a command done, unless its end is known already.
  func submit(_ command: Command) async throws(Problem) -> Done {
    if api.cluster.status.role == .leader, let known = try await foresee(command) { return known }
    let bytes = command.encoded()
    guard bytes.count <= Command.largest else { throw .commandTooLarge }
    switch await api.cluster.submit(bytes) {
    case .outcome(let entry): return try Done(entry)
    case .notAccepted(let retryAfter, _):
      throw .notAccepted(retryAfterMilliseconds: retryAfter.nanoseconds / 1_000_000)
    case .unknown: throw .outcomeUnknown
    }
  }

  /// The end of a command that this leader can foresee: a repeat, or a refusal.
  ///
  /// A refusal is a statement about the latest state, and a leader may have lost its office without
  /// knowing: so it is confirmed as a read is. Only refusals pay for that. Where nobody confirms,
  /// the command goes its way and comes to an answer of its own.
  private func foresee(_ command: Command) async throws(Problem) -> Done? {
    let reader = api.reader
    var isConfirmed = false
    while true {
      let foreseen = try reader.ask { reader throws(StoreError) in
        try reader.read { reader throws(StoreError) in
          try reader.preflight(command, now: Wall.now())
        }
      }
      switch foreseen {
      case .proceed: return nil
      case .keyReused: throw .keyReused
      case .remembered(let outcome, let position):
        return Done(position: position, outcome: outcome, isRepeat: true)
      case .refused(let refusal):
        if isConfirmed { throw Problem(refusal) }
        guard case .ready = await api.cluster.readIndex() else { return nil }
        isConfirmed = true
      }
    }
  }
}
