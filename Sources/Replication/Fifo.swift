/// First in, first out, without moving what stays behind.
struct Fifo<Element: Sendable>: Sendable {
  private var elements: [Element] = []
  private var head = 0

  /// How many dead places at the front are worth one move of the rest.
  private static var compactAfter: Int { 256 }

  var isEmpty: Bool { head == elements.count }
  var count: Int { elements.count - head }
  var first: Element? { isEmpty ? nil : elements[head] }

  mutating func append(_ element: Element) { elements.append(element) }

  /// Appends an element before those at the end that it `precedes`: most often none.
  mutating func append(_ element: Element, before precedes: (Element) -> Bool) {
    var place = elements.count
    while place > head, precedes(elements[place - 1]) { place -= 1 }
    elements.insert(element, at: place)
  }

  mutating func removeFirst() -> Element {
    precondition(!isEmpty, "There is nothing to take from the front.")
    let element = elements[head]
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= Self.compactAfter, head * 2 >= elements.count {
      elements.removeSubrange(..<head)
      head = 0
    }
    return element
  }
}
