package import Bytes

extension Fact {
  /// The incidents that it names beside the one that it is about: whoever may not know of one of them is not
  /// shown its bytes (policy section 8).
  package var namedIncidents: [ID] {
    switch self {
    case .declared(let declared): [declared.recurrenceOf].compactMap { $0 }
    case .duplicateSaid(let survivor, _): [survivor]
    case .inherited(let inheritance): [inheritance.from]
    case .familyChanged(.parent(let parent)): [parent].compactMap { $0 }
    case .familyChanged(.gathered(let umbrella)): [umbrella]
    case .familyChanged(.children(let added, let removed)): added + removed
    case .umbrellaOpened(let children): children
    case .related(.childOf(let parent)): [parent].compactMap { $0 }
    case .related(.recurrenceOf(let earlier)): [earlier].compactMap { $0 }
    case .proposed(let proposal, _):
      if case .duplicate(let survivor) = proposal.matter { [survivor] } else { [] }
    case .reviewWaived(.covered(let other), _): [other]
    case .sessionExtended(_, let incident): [incident]
    default: []
    }
  }
}
