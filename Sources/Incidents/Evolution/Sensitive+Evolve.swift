internal import Bytes

extension Incident {
  /// Makes true what somebody decided about a flagged incident.
  mutating func evolveSensitive(_ fact: Fact, _ mark: Mark) {
    switch fact {
    case .notificationDecided(let choice):
      extras.sensitive.notification = NotificationDecision(choice: choice, mark: mark)
    case .sightChanged(let change): take(change, mark)
    case .faceMoved(let step): take(step, mark)
    // A flag that is set anew asks anew.
    case .flagSet(let raising, _):
      switch raising.flag {
      case .cyber:
        extras.sensitive.widened = nil
        extras.sensitive.cyberReportedBy = nil
      case .data:
        extras.sensitive.notification = nil
        extras.sensitive.dataReportedBy = nil
      }
    case .flagReported(let report):
      switch report.flag {
      case .cyber: extras.sensitive.cyberReportedBy = report.by
      case .data: extras.sensitive.dataReportedBy = report.by
      }
    default: break
    }
  }

  private mutating func take(_ change: SightChange, _ mark: Mark) {
    switch change {
    case .widen(let reason): extras.sensitive.widened = Statement(text: reason, mark: mark)
    case .narrow: extras.sensitive.widened = nil
    case .add(let person):
      extras.sensitive.pruned.removeAll { $0 == person }
      extras.sensitive.named.append(person)
    case .prune(let person):
      extras.sensitive.named.removeAll { $0 == person }
      extras.outreach.approvers.removeAll { $0 == person }
      extras.sensitive.pruned.append(person)
    }
  }

  private mutating func take(_ step: FaceStep, _ mark: Mark) {
    switch step {
    case .draft(let text):
      extras.sensitive.faces.append(
        Face(text: text, author: mark, approval: nil, notice: nil, withdrawal: nil))
    case .approve(let number, let notice):
      extras.sensitive.faces[Int(number) - 1].approval = mark
      if !isExercise { extras.sensitive.faces[Int(number) - 1].notice = notice }
      // It is how staff are told of what they may not know more of.
      if isRestricted { extras.outreach.allStaffToldAt = outreach.allStaffToldAt ?? mark.at }
    case .withdraw(let number): extras.sensitive.faces[Int(number) - 1].withdrawal = mark
    }
  }
}

extension Incident.Sensitive {
  /// What a duplicate left, as far as there is room. Its own decision stands.
  mutating func take(_ legacy: Inheritance.Extras) {
    for person in legacy.named
    where !named.contains(person) && !pruned.contains(person) && named.count < Bound.list {
      named.append(person)
    }
    faces += legacy.faces.prefix(Bound.faces - faces.count)
    notification = notification ?? legacy.notification
  }
}

/// Makes a change of what everybody is told true.
func take(_ change: NoticeChange, of id: ID, at stamp: Int64, in records: inout some Records) {
  switch change {
  case .published(let text): records.put(StaffNotice(id: id, text: text, publishedAt: stamp))
  case .withdrawn: records.forget(notice: id)
  }
}
