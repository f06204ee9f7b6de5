using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core append</c>: blocks from arguments, from lines of stdin, or from a file.</summary>
internal static class CoreAppendVerb
{
    private const int LinesAtOnce = 1024;

    private static readonly Argument<string> Folder = CoreArguments.Folder();
    private static readonly Argument<string[]> Blocks = new("blocks")
    {
        Description = "one block each; with none, one block for each line of stdin",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> FromFile = new("--file") { Description = "append this file as one block" };
    private static readonly Option<bool> Lines = new("--lines") { Description = "with --file: one block for each line" };
    private static readonly Option<string?> EncryptionKey = CoreArguments.EncryptionKey();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("append", "Append blocks. Example: auction core append ./feed hello world");
        command.Arguments.Add(Folder);
        command.Arguments.Add(Blocks);
        foreach (Option option in (Option[])[FromFile, Lines, EncryptionKey, Json])
            command.Options.Add(option);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed)
        => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(Folder)!, readOnly: false, parsed.GetValue(EncryptionKey)),
            async core =>
            {
                long start = (await core.GetInfoAsync().ConfigureAwait(false)).Length;
                foreach (ReadOnlyMemory<byte>[] batch in Read(parsed).Chunk(LinesAtOnce))
                    await core.AppendAsync(batch).ConfigureAwait(false);
                long length = (await core.GetInfoAsync().ConfigureAwait(false)).Length;
                if (parsed.GetValue(Json))
                    JsonOutput.WriteLine(new JsonObject { ["start"] = start, ["length"] = length });
                else
                    Console.WriteLine($"{length - start} appended, length {length}");
                return ExitCode.Success;
            });

    private static IEnumerable<ReadOnlyMemory<byte>> Read(ParseResult parsed)
    {
        string[] blocks = parsed.GetValue(Blocks) ?? [];
        string? file = parsed.GetValue(FromFile);
        if (file is not null && blocks.Length > 0)
            throw CommandException.Usage("blocks come from arguments or from --file, not from both");
        if (file is null && parsed.GetValue(Lines))
            throw CommandException.Usage("--lines belongs to --file", "lines of stdin are blocks already");
        if (file is not null && !File.Exists(file))
            throw new CommandException(ExitCode.NotFound, "NO_FILE", $"there is no file {file}");
        if (file is not null && !parsed.GetValue(Lines))
            return [File.ReadAllBytes(file)];
        IEnumerable<string> texts = blocks.Length > 0 ? blocks : file is not null ? File.ReadLines(file) : StandardInput();
        return texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text));
    }

    private static IEnumerable<string> StandardInput()
    {
        while (Console.In.ReadLine() is { } line)
            yield return line;
    }
}
