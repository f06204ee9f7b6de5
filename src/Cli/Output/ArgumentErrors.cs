using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Cli.Output;

/// <summary>What is wrong with a command line, in one line that says what was expected and the nearest valid choice.</summary>
internal static class ArgumentErrors
{
    public static CommandException Of(ParseResult parsed)
    {
        string help = $"see 'auction {Path(parsed)}--help'";
        if (parsed.UnmatchedTokens is [string unknown, ..])
            return Unknown(parsed.CommandResult.Command, unknown, help);
        ParseError error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens: [Token value, ..] } option => Wrong(option.Option, value.Value),
            OptionResult option => CommandException.Usage($"{option.Option.Name} needs a value", option.Option.Description),
            ArgumentResult { Tokens: [] } missing => CommandException.Usage($"<{missing.Argument.Name}> is missing", help),
            ArgumentResult { Tokens: [Token value, ..] } argument => CommandException.Usage(
                $"'{value.Value}' is no <{argument.Argument.Name}>", KindOf(argument.Argument.ValueType) ?? help),
            CommandResult { Command.Subcommands: { Count: > 0 } verbs } => CommandException.Usage(
                "a verb is missing", $"one of {string.Join(", ", verbs.Select(verb => verb.Name))}"),
            _ => CommandException.Usage(error.Message.TrimEnd('.'), help),
        };
    }

    /// <summary>
    /// What looks like an option and would be taken as a value, so that a slip of the keys is not stored as a block or a key;
    /// behind <c>--</c> everything is a value.
    /// </summary>
    public static CommandException? StrayOption(ParseResult parsed)
    {
        Token[] values = [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)];
        string? stray = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal) && values.Contains(token))
            ?.Value;
        return stray is null ? null : Unknown(parsed.CommandResult.Command, stray, "behind -- it is taken as it stands");
    }

    private static CommandException Unknown(Command command, string unknown, string help)
    {
        bool isOption = unknown.StartsWith('-');
        IEnumerable<string> choices = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(verb => verb.Name);
        string? nearest = Spelling.Nearest(unknown, choices);
        return CommandException.Usage(
            isOption ? $"unknown option '{unknown}'" : $"unexpected '{unknown}'", nearest is null ? help : $"did you mean '{nearest}'?");
    }

    private static CommandException Wrong(Option option, string value)
    {
        string[] choices = [.. option.GetCompletions(CompletionContext.Empty).Select(choice => choice.Label)];
        string? expected = Spelling.Nearest(value, choices) is { } nearest ? $"did you mean '{nearest}'?"
            : choices.Length > 0 ? $"one of {string.Join(", ", choices)}"
            : KindOf(option.ValueType) ?? option.Description;
        return CommandException.Usage($"'{value}' is no value for {option.Name}", expected);
    }

    private static string? KindOf(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(ushort))
            return "a port, 0 to 65535";
        if (plain == typeof(int) || plain == typeof(long) || plain == typeof(ulong))
            return "a whole number";
        return plain == typeof(double) ? "a number" : null;
    }

    private static string Path(ParseResult parsed)
    {
        Stack<string> names = new();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
            names.Push(command.Command.Name);
        return names.Count == 0 ? "" : string.Join(' ', names) + " ";
    }
}
