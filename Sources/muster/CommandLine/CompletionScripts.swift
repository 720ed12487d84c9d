/// The three scripts. Each is a function and a line that makes the shell call it.
extension Completions {
  /// For bash 3.2 or later.
  var bash: String {
    var script = """
      # Completes muster in bash: source <(muster completions bash)
      _muster() {
        local IFS=$' \\t\\n' command= tried= word offers=
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        COMPREPLY=()
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
          tried=${tried:+$tried }$word
          case $tried in
            \(Self.patterns(commands)) ) command=$tried ;;
          esac
        done
        case $command:$previous in

      """
    for (value, places) in values {
      script += "    \(Self.patterns(places)) )\n"
      switch value {
      case .words(let words):
        script += "      COMPREPLY=( $(compgen -W '\(Self.list(words))' -- \"$current\") )\n"
      case .path:
        script += "      compopt -o filenames 2>/dev/null\n"
        script += "      COMPREPLY=( $(compgen -f -- \"$current\") )\n"
      case .anything: break
      }
      script += "      return ;;\n"
    }
    script += "  esac\n  case $tried in\n"
    for (words, offers) in following {
      script += "    '\(words)' ) offers='\(Self.list(offers.map(\.word)))' ;;\n"
    }
    script += "  esac\n  case $command in\n"
    for (commands, offers) in options {
      script += "    \(Self.patterns(commands)) ) offers=\"$offers"
      script += " \(Self.list(offers.map(\.word)))\" ;;\n"
    }
    return script + """
        esac
        COMPREPLY=( $(compgen -W "$offers" -- "$current") )
      }
      complete -F _muster muster

      """
  }

  /// For zsh 5 or later, as a file of `$fpath` or sourced.
  var zsh: String {
    var script = """
      #compdef muster
      _muster() {
        local command= tried= word
        local -a offers
        for word in "${(@)words[2,CURRENT-1]}"; do
          tried=${tried:+$tried }$word
          case $tried in
            \(Self.patterns(commands)) ) command=$tried ;;
          esac
        done
        case $command:$words[CURRENT-1] in

      """
    for (value, places) in values {
      script += "    \(Self.patterns(places)) )\n"
      switch value {
      case .words(let words): script += "      compadd -- \(Self.list(words))\n"
      case .path: script += "      _files\n"
      case .anything: break
      }
      script += "      return ;;\n"
    }
    script += "  esac\n  case $tried in\n"
    for (words, offers) in following {
      script += "    '\(words)' ) offers+=(\(Self.described(offers))) ;;\n"
    }
    script += "  esac\n  case $command in\n"
    for (commands, offers) in options {
      script += "    \(Self.patterns(commands)) ) offers+=(\(Self.described(offers))) ;;\n"
    }
    return script + """
        esac
        _describe muster offers
      }
      if [[ $funcstack[1] == _muster ]]; then
        _muster "$@"
      else
        compdef _muster muster
      fi

      """
  }

  /// For fish 3 or later.
  var fish: String {
    var script = """
      # Completes muster in fish: muster completions fish > ~/.config/fish/completions/muster.fish
      function __muster_offer
        set -l tokens (commandline -opc)
        set -l command ''
        set -l tried ''
        for word in $tokens[2..-1]
          set tried (string trim -- "$tried $word")
          switch "$tried"
            case \(commands.map { "'\($0)'" }.joined(separator: " "))
              set command $tried
          end
        end
        switch "$command:$tokens[-1]"

      """
    for (value, places) in values {
      script += "    case \(places.map { "'\($0)'" }.joined(separator: " "))\n"
      switch value {
      case .words(let words): script += "      printf '%s\\n' \(Self.list(words))\n"
      case .path: script += "      __fish_complete_path (commandline -ct)\n"
      case .anything: break
      }
      script += "      return\n"
    }
    script += "  end\n  switch \"$tried\"\n"
    for (words, offers) in following {
      script += "    case '\(words)'\n      printf '%s\\t%s\\n'\(Self.pairs(offers))\n"
    }
    script += "  end\n  switch \"$command\"\n"
    for (commands, offers) in options {
      script += "    case \(commands.map { "'\($0)'" }.joined(separator: " "))\n"
      script += "      printf '%s\\t%s\\n'\(Self.pairs(offers))\n"
    }
    return script + """
        end
      end
      complete -c muster -f -a '(__muster_offer)'

      """
  }

  /// Words of commands and options have no character that means something to a shell.
  private static func list(_ words: [String]) -> String { words.joined(separator: " ") }

  /// Alternatives of `case` in bash and zsh. An asterisk in front stays a wildcard.
  private static func patterns(_ texts: [String]) -> String {
    texts.map { $0.hasPrefix("*") ? "*'\($0.dropFirst())'" : "'\($0)'" }.joined(separator: " | ")
  }

  /// `'word:meaning'` for each, as zsh's `_describe` takes it.
  private static func described(_ offers: [Offer]) -> String {
    offers.map { offer in
      let meaning = offer.meaning.split(separator: "'", omittingEmptySubsequences: false)
      return "'\(offer.word):\(meaning.joined(separator: "'\\''"))'"
    }.joined(separator: " ")
  }

  /// `word 'meaning'` for each, as fish's `printf` takes it: in its quotes a backslash escapes.
  private static func pairs(_ offers: [Offer]) -> String {
    offers.map { offer in
      var meaning = ""
      for character in offer.meaning {
        if character == "'" || character == "\\" { meaning.append("\\") }
        meaning.append(character)
      }
      return " \(offer.word) '\(meaning)'"
    }.joined()
  }
}
