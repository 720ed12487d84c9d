import Access
import Bytes
import Incidents
import Testing

/// Tallies as the state keeps them.
private struct TallyBook {
  private var tallies: [ID: Tally] = [:]

  subscript(keys: ThrottleKeys) -> SignInThrottle {
    get {
      SignInThrottle(
        account: tallies[keys.account], origin: tallies[keys.origin], pair: tallies[keys.pair])
    }
    set {
      tallies[keys.account] = newValue.account
      tallies[keys.origin] = newValue.origin
      tallies[keys.pair] = newValue.pair
    }
  }

  /// Decides on an attempt that comes at `now`, and charges it if it is let through.
  mutating func admit(_ keys: ThrottleKeys, at now: Int64) -> SignInThrottle.Verdict {
    let verdict = self[keys].verdict(at: now)
    if case .check = verdict { self[keys] = self[keys].charged(at: now) }
    return verdict
  }

  /// Pays back an attempt that turned out right.
  mutating func succeed(_ keys: ThrottleKeys, at now: Int64) {
    self[keys] = self[keys].refunded(at: now)
  }
}

@Suite("The throttle of signing in")
struct ThrottleTests {
  private static let secret = [UInt8](repeating: 9, count: 32)
  /// 2026-11-23T09:04:00Z.
  private static let start: Int64 = 1_795_424_640_000

  private func keys(_ account: String, from address: UInt8...) throws -> ThrottleKeys {
    let origin = try #require(SignInOrigin(address: address))
    return ThrottleKeys(account: account, origin: origin, secret: Self.secret)
  }

  /// Tries as soon as it may be tried, so often, and answers when each was looked at.
  private func guess(
    _ keys: ThrottleKeys, _ count: Int, in book: inout TallyBook, from start: Int64 = start
  ) -> [Int64] {
    var (now, checks): (Int64, [Int64]) = (start, [])
    while checks.count < count {
      switch book.admit(keys, at: now) {
      case .check(let wait): checks.append(now + wait)
      case .later(let wait): now += wait
      }
    }
    return checks
  }

  @Test func `lets mistakes be, and then makes each next one wait twice as long, to a minute`()
    throws
  {
    var book = TallyBook()
    let checks = guess(try keys("ana", from: 192, 0, 2, 1), 12, in: &book)
    let waits = zip(checks.dropFirst(), checks).map { ($0 - $1) / 1_000 }
    #expect(waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60])
  }

  @Test func `holds a short wait, tells a long one, and asking sooner changes nothing`() throws {
    let pair = Tally(failures: 8, at: Self.start)
    let throttle = SignInThrottle(pair: pair)
    #expect(throttle.verdict(at: Self.start) == .later(after: 16_000))
    #expect(throttle.verdict(at: Self.start + 999) == .later(after: 15_001))
    #expect(throttle.verdict(at: Self.start + 1_000) == .check(after: 15_000))
    #expect(throttle.verdict(at: Self.start + 16_000) == .check(after: 0))
    #expect(
      throttle.charged(at: Self.start + 1_000).pair == Tally(failures: 9, at: Self.start + 16_000))
  }

  @Test func `gives many at once no more than one after the other`() throws {
    var book = TallyBook()
    let keys = try keys("ana", from: 192, 0, 2, 1)
    let verdicts = (0..<1_000).map { _ in book.admit(keys, at: Self.start) }
    let admitted = verdicts.count { if case .check = $0 { true } else { false } }
    // Four at once; those that are held come one second, two, four and eight after each other.
    #expect(admitted == 8)
    #expect(verdicts.last == .later(after: 31_000))
  }

  @Test func `never keeps a person out, whoever guesses at their account`() throws {
    var book = TallyBook()
    for host in 0..<200 {
      _ = guess(try keys("ana", from: 198, 51, 100, UInt8(host)), 4, in: &book)
    }
    let ana = try keys("ana", from: 192, 0, 2, 1)
    #expect(book.admit(ana, at: Self.start) == .check(after: 15_000))
    book.succeed(ana, at: Self.start + 15_000)
    #expect(book[ana].pair == nil)
    #expect(book.admit(try keys("ben", from: 192, 0, 2, 1), at: Self.start) == .check(after: 0))
  }

  @Test func `never keeps out a person behind an address from which others guess`() throws {
    var book = TallyBook()
    for account in 0..<200 {
      _ = guess(try keys("\(account)", from: 192, 0, 2, 1), 4, in: &book)
    }
    #expect(
      book.admit(try keys("ana", from: 192, 0, 2, 1), at: Self.start) == .check(after: 15_000))
    #expect(book.admit(try keys("ana", from: 192, 0, 2, 2), at: Self.start) == .check(after: 0))
  }

  @Test func `pays back what turned out right, and no more`() throws {
    var book = TallyBook()
    let victim = try keys("ana", from: 192, 0, 2, 1)
    let own = try keys("mallory", from: 192, 0, 2, 1)
    _ = guess(victim, 5, in: &book)
    let before = book[victim]
    #expect(book.admit(own, at: Self.start) == .check(after: 0))
    book.succeed(own, at: Self.start)
    #expect(book[victim].pair == before.pair)
    #expect(book[victim].account == before.account)
    #expect(book[victim].origin?.failures == before.origin?.failures)
    #expect(book[own].account?.failures == 0)
  }

  @Test func `forgets half every quarter of an hour`() {
    let tally = Tally(failures: 200, at: Self.start)
    let levels = (0...7).map { tally.level(at: Self.start + $0 * Tally.halfLife) }
    #expect(levels == [64, 32, 16, 8, 4, 2, 1, 0])
    #expect(tally.level(at: Self.start - 1) == 64)
    #expect(!tally.isForgotten(at: Self.start + 7 * Tally.halfLife - 1))
    #expect(tally.isForgotten(at: .max))
  }

  @Test func `counts what is the same account or network under one key`() throws {
    let one = try keys("Ana@Example.org", from: 192, 0, 2, 1)
    #expect(try keys("ana@example.org", from: 192, 0, 2, 1) == one)
    #expect(
      try keys("ana@example.org", from: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1) == one
    )
    let six = { (last: UInt8) in
      SignInOrigin(address: [0x20, 1, 0xD, 0xB8, 0, 0, 0, last, 1, 2, 3, 4, 5, 6, 7, last])
    }
    #expect(six(1) == .network([0x20, 1, 0xD, 0xB8, 0, 0, 0, 1]))
    #expect(six(1) != six(2))
    #expect(SignInOrigin(address: [1, 2, 3]) == nil)
    let other = try keys("ben", from: 192, 0, 2, 1)
    #expect(other.origin == one.origin)
    #expect(Set([other.account, other.pair, one.account, one.pair, one.origin]).count == 5)
  }

  @Test func `goes on where it was when its tallies are carried to another node`() throws {
    var book = TallyBook()
    let keys = try keys("ana", from: 192, 0, 2, 1)
    var carried = SignInThrottle()
    for attempt in 0..<7 {
      let now = Self.start + Int64(attempt) * 10_000
      #expect(carried.verdict(at: now) == book.admit(keys, at: now))
      carried = carried.charged(at: now)
      #expect(carried == book[keys])
    }
  }
}

@Suite("A device's mark")
struct DeviceMarkTests {
  private let secret = [UInt8](repeating: 9, count: 32)
  private let mark = DeviceMark(device: ID(high: 1, low: 2))

  @Test func `is read back for its account, in any case`() {
    let text = mark.spelling(account: "Ana@example.org", secret: secret)
    #expect(text.utf8.count == 64)
    #expect(DeviceMark(text, account: "ana@example.org", secret: secret) == mark)
  }

  @Test func `is nothing at another account, with another key or another letter`() {
    let text = mark.spelling(account: "ana", secret: secret)
    #expect(DeviceMark(text, account: "ben", secret: secret) == nil)
    #expect(DeviceMark(text, account: "ana", secret: secret.map { $0 + 1 }) == nil)
    #expect(DeviceMark("B" + text.dropFirst(), account: "ana", secret: secret) == nil)
    #expect(DeviceMark(text.dropLast(), account: "ana", secret: secret) == nil)
    #expect(DeviceMark("", account: "ana", secret: secret) == nil)
  }
}
