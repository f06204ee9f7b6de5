namespace AuctionActors.Cli.Output;

/// <summary>A failure that a person can act on: one line, what was expected instead, and the exit code.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(int exitCode, string code, string message, string? expected = null)
        : base(message)
    {
        Exit = exitCode;
        Code = code;
        Expected = expected;
    }

    public int Exit { get; }

    /// <summary>Upper-case word for programs, for example <c>PORT_IN_USE</c>.</summary>
    public string Code { get; }

    /// <summary>What to type or do instead.</summary>
    public string? Expected { get; }

    public static CommandException Usage(string message, string? expected = null) => new(ExitCode.Usage, "USAGE", message, expected);
}
