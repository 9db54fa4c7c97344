/** They ask `whisk __complete` what may come; `:files` is its word for the names of files. */
export const scripts: Record<string, string> = {
  // A colon is a word of its own to bash: what it took apart is put together, and its part is left out of the answer.
  bash: `# bash completion for whisk (for wsk as well, where that is whisk: complete -F _whisk wsk)
_whisk() {
  local IFS=$'\\n' word line n=0 glue=
  local -a words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == : && $n -gt 0 ]]; then words[n-1]+=:; glue=1
    elif [[ $word == = ]]; then glue=
    elif [[ -n $glue ]]; then words[n-1]+=$word; glue=
    else words[n++]=$word; fi
  done
  [[ $word == = ]] && words[n++]=
  local current=\${words[n-1]}
  local lost=\${current%"\${current##*:}"}
  COMPREPLY=()
  while read -r line; do
    if [[ $line == :files ]]; then
      COMPREPLY+=($(compgen -f -- "$current"))
      compopt -o filenames 2>/dev/null
    else
      COMPREPLY+=("$(printf %q "\${line#"$lost"}")")
      [[ $line == */ ]] && compopt -o nospace 2>/dev/null
    fi
  done < <(whisk __complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _whisk whisk
`,
  zsh: `#compdef whisk
# zsh completion for whisk: put it into a folder of $fpath as _whisk, or source it after compinit
_whisk() {
  local -a found
  found=("\${(@f)$(whisk __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${found[1]}" == :files ]]; then
    _files
  elif [[ -n "\${found[1]}" ]]; then
    compadd -a found
  fi
}
if [[ "\${funcstack[1]}" == _whisk ]]; then _whisk "$@"; else compdef _whisk whisk; fi
`,
  fish: `# fish completion for whisk
function __whisk_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l found (whisk __complete -- $words (commandline -ct) 2>/dev/null)
    if test "$found[1]" = ":files"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c whisk -f -a '(__whisk_complete)'
`,
};
