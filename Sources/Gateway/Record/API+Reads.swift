import Access
import Bytes
import Crypto
import EventLoop
import Incidents
import Replication
import Store

/// What is noted before anybody is shown what is restricted.
@ClientLoop extension API {
  /// Looking again within so many milliseconds is the same look, and has one row: ten minutes.
  static let sameLook: Int64 = 600_000
  private static let mostLooks = 20_000

  /// A credential that was shown an incident.
  struct Look: Hashable {
    let credential: ID
    let incident: ID
  }

  /// Puts into the record that `principal` is shown these incidents, which are restricted, or throws
  /// why they must not be.
  ///
  /// Without a quorum only an incident's own team is shown it: that is kept in a file of this node, and
  /// added to the record later.
  func noteReads(
    of incidents: [RestrictedIncident], by principal: Principal, _ certainty: Sight.Certainty,
    _ deadline: Deadline
  ) async throws(Problem) {
    let now = Wall.now()
    let fresh = incidents.filter { incident in
      let look = Look(credential: principal.credential, incident: incident.id)
      return looks[look].map { now - $0 >= Self.sameLook } ?? true
    }
    // Before level 2 there is no such row.
    let level = try? reader.read { reader throws(StoreError) in reader.level }
    guard !fresh.isEmpty, let level, level >= 2 else { return }
    let reads = fresh.map { incident in
      RestrictedRead(
        incident: incident.id, person: principal.person.id, credential: principal.credential,
        at: now)
    }
    let isNoted =
      certainty == .confirmed
      ? try await record(reads, by: principal.actor, deadline) : false
    if !isNoted {
      guard fresh.allSatisfy(\.isOfTeam), let journal, await journal.keep(reads) else {
        throw .readNotRecorded
      }
    }
    if looks.count > Self.mostLooks { looks.removeAll() }
    for read in reads {
      looks[Look(credential: read.credential, incident: read.incident)] = now
    }
  }

  /// Whether the reads are in the record now.
  private func record(
    _ reads: [RestrictedRead], by actor: Actor, _ deadline: Deadline
  ) async throws(Problem) -> Bool {
    for start in stride(from: 0, to: reads.count, by: Bound.reads) {
      let some = Array(reads[start..<min(start + Bound.reads, reads.count)])
      let command = Command(
        actor: actor, receivedAt: Wall.now(), salt: secureRandom(Bound.salt),
        action: .noteReads(some))
      guard deadline.isOpen else { return false }
      switch await cluster.submit(command.encoded(), within: deadline.left) {
      case .outcome(let entry): _ = try Done(entry)
      case .notAccepted, .unknown: return false
      }
    }
    return true
  }

  /// Adds to the record what was shown without a quorum. To be called every ``usesInterval``.
  package func noteKeptReads() async {
    guard let journal else { return }
    let kept = await journal.kept()
    guard !kept.isEmpty else { return }
    do throws(Problem) {
      // Twice in the record, if this node ends before it has forgotten them, and never missing.
      let reads = kept.compactMap(\.self)
      guard try await record(reads, by: .system, Deadline(within: Deadline.answer)) else { return }
    } catch {
      return
    }
    // Somebody may have been shown more while these were on their way.
    await journal.forget(first: kept.count)
  }
}

/// An incident that an answer shows and that is restricted.
struct RestrictedIncident: Sendable {
  let id: ID
  /// Whether whoever asks has a role in it.
  let isOfTeam: Bool

  /// Of an incident, if it is restricted.
  init?(_ incident: Incident, to person: Person) {
    guard incident.isRestricted else { return nil }
    id = incident.id
    isOfTeam = incident.team.contains(person.id)
  }
}
