import Access
import Crypto
import Testing

@Suite("A password")
struct PasswordTests {
  private func refusal(
    _ typed: String, name: String = "Ana Silva", email: String = "a.silva@example.org"
  ) -> PasswordRefusal? {
    do throws(PasswordRefusal) {
      _ = try Password(choosing: typed, name: name, email: email)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "correct horse battery staple", "twelve chars", "ΑΒΓΔΕΖΗΘΙΚΛΜ", "пароль из слов",
    "zzzzzzzzzzzy", "Tr0ub4dor&3-and-more", String(repeating: "long ", count: 204),
  ])
  func `is anything long and not common`(typed: String) {
    #expect(refusal(typed) == nil)
  }

  @Test(arguments: [
    ("", PasswordRefusal.tooShort(characters: 0)),
    ("eleven char", .tooShort(characters: 11)),
    // Twelve scalars as typed, eleven as prepared.
    ("eleven cafe\u{301}", .tooShort(characters: 11)),
    (String(repeating: "long ", count: 205), .tooLong),
    ("twelve chars\n", .controlCharacter), ("twelve\u{0}chars!", .controlCharacter),
  ])
  func `is neither short nor endless and has no control characters`(
    typed: String, expected: PasswordRefusal
  ) {
    #expect(refusal(typed) == expected)
  }

  @Test(arguments: [
    "1qaz2wsx3edc", "1QAZ2wsx3edc", "justinbieber", "qwerty123456", "password1234",
    "PassWord!!!!!!",
    "2024sunshine2025", "passwordpassword", "DragonDragon", "letmeinletmein123", "aaaaaaaaaaaaaa",
    "abcabcabcabc", "121212121212", "123456123456",
  ])
  func `is none of the commonest, nor one dressed up or repeated`(typed: String) {
    #expect(refusal(typed) == .common)
  }

  @Test(arguments: [
    ("my name is Silva!", "Ana Silva", "as@example.org"),
    ("my name is SILVA!", "Ana Silva", "as@example.org"),
    ("an ana in a tree", "Ana Silva", "as@example.org"),
    ("so says Zoe\u{308} today", "Zo\u{eb}", "z@example.org"),
    ("the liwu of old days", "Li Wu", "x@example.org"),
    ("the li-wu of old days", "Li Wu", "x@example.org"),
    ("a walrus.b7 goes home", "Ana", "Walrus.B7@example.org"),
    ("a walrus goes far away", "Ana", "walrus.b7@example.org"),
    ("a quoted@thing goes", "Ana", "\"quoted@thing\"@example.org"),
  ])
  func `does not contain its person's name or address`(
    typed: String, name: String, email: String
  ) {
    #expect(refusal(typed, name: name, email: email) == .containsName)
  }

  @Test(arguments: [
    ("believe in pelicans", "Li Wu", "li@example.org"), ("robe nests in trees", "Ben", "b@x.org"),
    ("nothing to be found", "", ""), ("an example of words", "Bo", "bo@example.org"),
  ])
  func `may contain what only looks like a name`(typed: String, name: String, email: String) {
    #expect(refusal(typed, name: name, email: email) == nil)
  }

  @Test func `is never printed`() throws {
    let password = try #require(Password("correct horse battery staple"))
    #expect("\(password)" == "…")
    #expect(!String(reflecting: password).contains("horse"))
  }

  @Test func `says what would do`() {
    #expect(
      "\(PasswordRefusal.tooShort(characters: 11))"
        == "A password has at least 12 characters; this one has 11."
        + " Four words that do not belong together are easy to keep in mind.")
  }
}

@Suite("A password's verifier")
struct PasswordVerifierTests {
  /// As cheap as scrypt is.
  private let cheap = Scrypt.Cost(logN: 1, blockSize: 1, parallelism: 1)
  private let salt = [UInt8](repeating: 7, count: 16)

  private func password(_ text: String) throws -> Password { try #require(Password(text)) }

  @Test func `accepts its password and no other`() throws {
    let verifier = try PasswordVerifier(password("correct horse battery staple"))
    #expect(try verifier.accepts(password("correct horse battery staple")))
    #expect(try !verifier.accepts(password("correct horse battery stapler")))
    #expect(try !verifier.accepts(password("Correct horse battery staple")))
    #expect(try !verifier.accepts(password("")))
  }

  /// Figure 3 to 6 of Unicode's Annex 15, and spaces: what is typed, and another spelling of it.
  @Test(arguments: [
    ("\u{212B}", "A\u{30A}"), ("\u{2126}", "\u{3A9}"), ("\u{C5}", "A\u{30A}"),
    ("\u{1E69}", "s\u{323}\u{307}"), ("\u{1E0B}\u{323}", "d\u{323}\u{307}"),
    ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{D55C}", "\u{1112}\u{1161}\u{11AB}"),
    ("a\u{A0}b\u{3000}c", "a b c"),
  ])
  func `takes one text in either spelling`(one: String, other: String) throws {
    let cheap = try #require(cheap)
    let verifiers = try [one, other].map {
      try PasswordVerifier(password($0), cost: cheap, salt: salt)
    }
    #expect(verifiers[0] == verifiers[1])
  }

  @Test(arguments: [("\u{FB01}", "fi"), ("2\u{2075}", "25"), ("\u{FF21}", "A")])
  func `tells apart what looks different`(one: String, other: String) throws {
    let cheap = try #require(cheap)
    #expect(
      try !PasswordVerifier(password(one), cost: cheap, salt: salt).accepts(password(other)))
  }

  @Test func `is a PHC string with its own salt`() throws {
    let cheap = try #require(cheap)
    let verifier = try PasswordVerifier(password("x"), cost: cheap, salt: salt)
    #expect(verifier.text.hasPrefix("$scrypt$ln=1,r=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$"))
    #expect(verifier.text.utf8.count <= PasswordVerifier.longest)
    #expect(PasswordVerifier(verifier.text) == verifier)
    #expect(try PasswordVerifier(password("x"), cost: cheap).text != verifier.text)
  }

  @Test func `is outdated when made at another cost`() throws {
    let cheap = try #require(cheap)
    #expect(try PasswordVerifier(password("x"), cost: cheap).isOutdated)
    #expect(try !PasswordVerifier(password("x")).isOutdated)
  }

  static let key = String(repeating: "A", count: 43)
  static let salted = "BwcHBwcHBwcHBwcHBwcHBw"

  @Test(arguments: [
    "", "$scrypt", "scrypt$ln=1,r=1,p=1$\(salted)$\(key)",
    "$scrypt$ln=1,r=1,p=1$\(salted)$\(key)$", "$argon2id$ln=1,r=1,p=1$\(salted)$\(key)",
    "$scrypt$ln=01,r=1,p=1$\(salted)$\(key)", "$scrypt$ln=+1,r=1,p=1$\(salted)$\(key)",
    "$scrypt$r=1,ln=1,p=1$\(salted)$\(key)", "$scrypt$ln=1,r=1$\(salted)$\(key)",
    "$scrypt$ln=1,r=1,p=1,x=1$\(salted)$\(key)", "$scrypt$ln=20,r=8,p=1$\(salted)$\(key)",
    "$scrypt$ln=1,r=1,p=1$\(salted)=$\(key)", "$scrypt$ln=1,r=1,p=1$$\(key)",
    "$scrypt$ln=1,r=1,p=1$\(salted)$", "$scrypt$ln=1,r=1,p=1$\(salted)$\(key)A",
  ])
  func `has one spelling, and none that costs too much`(text: String) {
    #expect(PasswordVerifier(text) == nil)
    #expect(PasswordVerifier("$scrypt$ln=1,r=1,p=1$\(Self.salted)$\(Self.key)") != nil)
  }

  @Test func `is worked for where there is none`() throws {
    let right = try password("correct horse battery staple")
    let verifier = try PasswordVerifier(right)
    let clock = ContinuousClock()
    var start = clock.now
    #expect(try !PasswordVerifier.check(right, against: nil))
    let unknown = clock.now - start
    start = clock.now
    #expect(try PasswordVerifier.check(right, against: verifier))
    let known = clock.now - start
    // Not a measurement: without the work it would be a ten-thousandth.
    #expect(unknown > known / 10)
  }

  @Test func `is never printed`() throws {
    let verifier = try PasswordVerifier(password("x"), cost: try #require(cheap), salt: salt)
    #expect("\(verifier)" == "$scrypt$ln=1,r=1,p=1$…")
    #expect(!String(reflecting: verifier).contains(Self.salted))
  }
}
