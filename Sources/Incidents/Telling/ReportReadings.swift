extension String {
  /// What a reader of a written report may make of it: without the escapes of its format, and without its
  /// markup.
  func readings(of format: ReportFormat) -> [String] {
    switch format {
    case .html:
      let (closed, spaced) = withoutTags
      return [closed.withoutEntities, spaced.withoutEntities]
    case .json: return [withoutJSONEscapes]
    case .markdown: return [withoutMarkdown]
    }
  }

  /// The text with nothing, and with a space, in the place of each tag.
  private var withoutTags: (closed: String, spaced: String) {
    var (closed, spaced) = ("", "")
    var isTag = false
    for scalar in unicodeScalars {
      switch scalar {
      case "<": isTag = true
      case ">" where isTag:
        isTag = false
        spaced += " "
      case _ where isTag: break
      default:
        closed.unicodeScalars.append(scalar)
        spaced.unicodeScalars.append(scalar)
      }
    }
    return (closed, spaced)
  }

  private var withoutEntities: String {
    var text = self
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] {
      text = text.split(separator: entity, omittingEmptySubsequences: false)
        .joined(separator: character)
    }
    return text
  }

  private var withoutMarkdown: String {
    var text = ""
    var isEscaped = false
    for line in split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let rest = line.hasPrefix("> ") ? line.dropFirst(2) : line
      for scalar in rest.unicodeScalars {
        if scalar == "\\", !isEscaped {
          isEscaped = true
          continue
        }
        isEscaped = false
        text.unicodeScalars.append(scalar)
      }
      isEscaped = false
      text += "\n"
    }
    return text
  }

  /// Every string of a JSON text as it reads, with what stands between them as it is.
  private var withoutJSONEscapes: String {
    var units: [UInt16] = []
    var rest = Array(utf16)[...]
    while let unit = rest.popFirst() {
      guard unit == 0x5C, let next = rest.popFirst() else {
        units.append(unit)
        continue
      }
      switch next {
      case 0x6E, 0x72, 0x74, 0x62, 0x66: units.append(0x20)
      case 0x75:
        let digits = String(decoding: rest.prefix(4), as: UTF16.self)
        units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
        rest = rest.dropFirst(4)
      default: units.append(next)
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
