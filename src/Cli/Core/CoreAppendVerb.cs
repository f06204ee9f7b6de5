using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core append</c>: blocks from arguments, from lines of stdin, or from a file.</summary>
internal static class CoreAppendVerb
{
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
        command.SetAction((parsed, interrupted) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(Folder)!, readOnly: false, parsed.GetValue(EncryptionKey)),
            core => RunAsync(core, parsed, interrupted)));
        return command;
    }

    private static async Task<int> RunAsync(CoreClient core, ParseResult parsed, CancellationToken interrupted)
    {
        bool json = parsed.GetValue(Json);
        long start = (await core.GetInfoAsync().ConfigureAwait(false)).Length;
        ProgressLine progress = ProgressLine.ForTerminal(json);
        int code = ExitCode.Success;
        long length = start;
        try
        {
            await foreach (IReadOnlyList<ReadOnlyMemory<byte>> blocks in Read(parsed, interrupted).ConfigureAwait(false))
            {
                length = await core.AppendAsync(blocks).ConfigureAwait(false) + blocks.Count;
                progress.Show($"{length - start} blocks appended");
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            code = ExitCode.Interrupted;
        }
        catch (CoreFailedException failed) when (length > start)
        {
            throw new CoreFailedException(failed.Problem, $"{failed.Message}; {length - start} blocks had been appended before");
        }
        finally
        {
            progress.End();
        }

        if (json)
            JsonOutput.WriteLine(new JsonObject { ["start"] = start, ["length"] = length });
        else
            Console.WriteLine($"{length - start} appended, length {length}");
        return code;
    }

    private static IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Read(ParseResult parsed, CancellationToken interrupted)
    {
        string[] blocks = parsed.GetValue(Blocks) ?? [];
        string? file = parsed.GetValue(FromFile);
        if (file is not null && blocks.Length > 0)
            throw CommandException.Usage("blocks come from arguments or from --file, not from both");
        if (file is null && parsed.GetValue(Lines))
            throw CommandException.Usage("--lines belongs to --file", "lines of stdin are blocks already");
        if (file is not null && !File.Exists(file))
            throw new CommandException(ExitCode.NotFound, "NO_FILE", $"there is no file {file}");
        if (blocks.Length == 0 && (file is null || parsed.GetValue(Lines)))
            return BlockLines.ReadAsync(file is null ? Console.OpenStandardInput() : File.OpenRead(file), interrupted);
        ReadOnlyMemory<byte>[] group = file is null ? [.. blocks.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))] : [File.ReadAllBytes(file)];
        return new[] { group }.ToAsyncEnumerable();
    }
}
