/// The header fields of a message, in the order in which they stand there.
///
/// They stay bytes in one buffer until a value is asked for: of the twenty fields that a browser
/// sends, a handler reads two. A look-up costs a comparison per field.
package struct Fields: Sendable {
  /// Where one field stands in ``storage``.
  struct Place: Hashable, Sendable {
    var nameStart: UInt32
    var nameEnd: UInt32
    var valueStart: UInt32
    var valueEnd: UInt32
  }

  private var storage: [UInt8]
  private var places: [Place]

  /// No fields.
  package init() {
    storage = []
    places = []
  }

  /// The fields that stand at `places` in `storage`.
  init(storage: [UInt8], places: [Place]) {
    self.storage = storage
    self.places = places
  }

  /// How many there are; a name that is given twice counts twice.
  package var count: Int { places.count }

  /// Adds a field after the others.
  ///
  /// - Parameters:
  ///   - name: A token; anything else is a caller's mistake.
  ///   - value: Control characters in it are written as spaces, so that text from outside can
  ///     never begin a second field.
  package mutating func append(_ name: String, _ value: String) {
    precondition(!name.isEmpty && name.utf8.allSatisfy(\.isToken), "\(name) names no field.")
    let start = UInt32(storage.count)
    storage.append(contentsOf: name.utf8)
    let middle = UInt32(storage.count)
    storage.append(contentsOf: value.utf8)
    let end = UInt32(storage.count)
    for index in Int(middle)..<Int(end) where !storage[index].isFieldText {
      storage[index] = UInt8(ascii: " ")
    }
    places.append(Place(nameStart: start, nameEnd: middle, valueStart: middle, valueEnd: end))
  }

  /// The first value of this name, in whatever case it is spelt; not UTF-8 is repaired.
  package subscript(name: String) -> String? {
    bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of the first value of this name, without making text of them.
  package func bytes(of name: String) -> ArraySlice<UInt8>? {
    for place in places where matches(place, name) {
      return storage[Int(place.valueStart)..<Int(place.valueEnd)]
    }
    return nil
  }

  /// Every value of this name, in order.
  package func all(_ name: String) -> [String] {
    places.filter { matches($0, name) }.map(value)
  }

  /// Every field with its name as it is spelt.
  package var pairs: [(name: String, value: String)] {
    places.map { place in
      let name = storage[Int(place.nameStart)..<Int(place.nameEnd)]
      return (String(decoding: name, as: UTF8.self), value(place))
    }
  }

  /// Writes each as a line of a head.
  func serialise(into output: inout [UInt8]) {
    for place in places {
      output.append(contentsOf: storage[Int(place.nameStart)..<Int(place.nameEnd)])
      output.append(contentsOf: ": ".utf8)
      output.append(contentsOf: storage[Int(place.valueStart)..<Int(place.valueEnd)])
      output.append(contentsOf: "\r\n".utf8)
    }
  }

  private func value(_ place: Place) -> String {
    String(decoding: storage[Int(place.valueStart)..<Int(place.valueEnd)], as: UTF8.self)
  }

  private func matches(_ place: Place, _ name: String) -> Bool {
    let length = Int(place.nameEnd - place.nameStart)
    guard name.utf8.count == length else { return false }
    var index = Int(place.nameStart)
    for byte in name.utf8 {
      guard storage[index].lowercased == byte.lowercased else { return false }
      index += 1
    }
    return true
  }
}

extension Fields: ExpressibleByDictionaryLiteral {
  /// Fields in the order in which they are written.
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { append(name, value) }
  }
}

extension Fields: Equatable {
  /// The same names, in any case, with the same values in the same order.
  package static func == (left: Fields, right: Fields) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left.pairs, right.pairs).allSatisfy { one, other in
      one.value == other.value && one.name.lowercased() == other.name.lowercased()
    }
  }
}
