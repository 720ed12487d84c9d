package import Bytes
import HTTP
package import Incidents

/// How a path names an incident: by its id, or by the reference that people say to each other.
package enum IncidentName: PathParameter, Hashable {
  case id(ID)
  case reference(Reference)

  /// A UUID, or a reference such as "INC-7K3QX-9M2TD".
  package init?(pathSegment: String) {
    if let id = ID(pathSegment) {
      self = .id(id)
    } else if let reference = Reference(pathSegment) {
      self = .reference(reference)
    } else {
      return nil
    }
  }
}

/// How a path names a person: by their id or address, or as the one who asks.
package enum PersonName: PathParameter, Hashable {
  case id(ID)
  case email(String)
  case me

  /// A UUID, "me", or whatever has an at-sign in it.
  package init?(pathSegment: String) {
    if pathSegment == "me" {
      self = .me
    } else if let id = ID(pathSegment) {
      self = .id(id)
    } else if pathSegment.contains("@") {
      self = .email(pathSegment)
    } else {
      return nil
    }
  }
}

extension ID: PathParameter {
  /// A UUID.
  package init?(pathSegment: String) { self.init(pathSegment) }
}
