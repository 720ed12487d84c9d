import Crypto
import Testing

@Suite("Scrypt")
struct ScryptTests {
  /// RFC 7914, section 12, but the last one, which takes a gigabyte.
  static let vectors: [(password: String, salt: String, cost: Scrypt.Cost?, key: String)] = [
    (
      "", "", Scrypt.Cost(logN: 4, blockSize: 1, parallelism: 1),
      "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
    ),
    (
      "password", "NaCl", Scrypt.Cost(logN: 10, blockSize: 8, parallelism: 16),
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    ),
    (
      "pleaseletmein", "SodiumChloride", Scrypt.Cost(logN: 14, blockSize: 8, parallelism: 1),
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
    ),
  ]

  @Test(arguments: vectors)
  func `agrees with RFC 7914`(
    password: String, salt: String, cost: Scrypt.Cost?, key: String
  ) throws {
    let derived = try Scrypt.key(
      of: Array(password.utf8), salt: Array(salt.utf8), cost: try #require(cost), count: 64)
    #expect(Hex.encode(derived) == key)
  }

  @Test(arguments: [
    // The last vector of RFC 7914 is over the bound of memory.
    (20, 8, 1), (16, 8, 1), (15, 16, 1), (0, 8, 1), (21, 1, 1), (-1, 8, 1), (10, 0, 1), (10, 33, 1),
    (10, 8, 0), (10, 8, 17), (16, 1, 1),
  ])
  func `has no cost that is over a bound`(logN: Int, blockSize: Int, parallelism: Int) {
    #expect(Scrypt.Cost(logN: logN, blockSize: blockSize, parallelism: parallelism) == nil)
  }
}
