/// The text that is left when the escapes of `bytes` are undone (RFC 3986, section 2.1).
///
/// - Returns: `nil` when an escape is not "%" and two digits, or when the result is not UTF-8 or
///   has a control character other than tab and line ends, which nobody writes in good faith.
func percentDecoded(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> String? {
  var decoded: [UInt8] = []
  decoded.reserveCapacity(bytes.count)
  var index = 0
  while index < bytes.count {
    var byte = bytes[index]
    index += 1
    if byte == UInt8(ascii: "%") {
      guard
        index + 1 < bytes.count,
        let high = bytes[index].hexadecimal,
        let low = bytes[index + 1].hexadecimal
      else { return nil }
      byte = high << 4 | low
      index += 2
      let isLineText = byte == 0x09 || byte == 0x0A || byte == 0x0D
      guard byte >= 0x20 && byte != 0x7F || isLineText else { return nil }
    } else if plusIsSpace, byte == UInt8(ascii: "+") {
      byte = UInt8(ascii: " ")
    }
    decoded.append(byte)
  }
  return String(validating: decoded, as: UTF8.self)
}

/// `text` with everything escaped that has a meaning in a target: what stays are letters, digits,
/// "-", ".", "_" and "~".
package func percentEncoded(_ text: String) -> String {
  var encoded: [UInt8] = []
  encoded.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    let stays =
      byte.isDigit || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    if stays {
      encoded.append(byte)
    } else {
      let digits = Array("0123456789ABCDEF".utf8)
      encoded.append(UInt8(ascii: "%"))
      encoded.append(digits[Int(byte >> 4)])
      encoded.append(digits[Int(byte & 0xF)])
    }
  }
  return String(decoding: encoded, as: UTF8.self)
}
