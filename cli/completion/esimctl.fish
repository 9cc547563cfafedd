# Completion of esimctl in fish: the program itself says what may come next.

# True unless the name of a file is expected, which fish completes by itself.
function __esimctl_ask
    # A quote that is open is closed, and what is quoted becomes what it stands for; nothing is run.
    set -l typed (commandline -ct)
    for quote in '' \" \'
        set -l word (string unescape -- $typed$quote)
        and set typed $word
        and break
    end
    set -l words (commandline -opc)[2..-1] "$typed"
    set -g __esimctl_answer (command esimctl __complete words $words </dev/null 2>/dev/null)
    not string match -q \tfiles\t\* -- $__esimctl_answer[1]
end

# fish quotes what it inserts.
complete -c esimctl -n __esimctl_ask -f -a '$__esimctl_answer'
