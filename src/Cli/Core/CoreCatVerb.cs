using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core cat</c>: prints blocks.</summary>
internal static class CoreCatVerb
{
    private const int BufferedBytes = 1 << 16;

    private static readonly Argument<string> Folder = CoreArguments.Folder();
    private static readonly Argument<string?> Range = new("blocks")
    {
        Description = "a block such as 5, or a range such as 5..8 (default: all that are stored)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Raw = new("--raw") { Description = "no line end after each block" };
    private static readonly Option<string?> EncryptionKey = CoreArguments.EncryptionKey();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("cat", "Print blocks; with --json as hex. Example: auction core cat ./feed 0..10");
        command.Arguments.Add(Folder);
        command.Arguments.Add(Range);
        foreach (Option option in (Option[])[Raw, EncryptionKey, Json])
            command.Options.Add(option);
        command.SetAction((parsed, interrupted) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(Folder)!, readOnly: true, parsed.GetValue(EncryptionKey)),
            core => RunAsync(core, parsed, interrupted)));
        return command;
    }

    private static async Task<int> RunAsync(CoreClient core, ParseResult parsed, CancellationToken interrupted)
    {
        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        string? named = parsed.GetValue(Range);
        (long start, long end) = named is null ? (0, info.Length) : CoreArguments.ParseRange(named);
        if (end > info.Length)
            throw new CommandException(ExitCode.NotFound, "NO_BLOCK", $"the core has {info.Length} blocks", $"at most 0..{info.Length}");
        using BufferedStream output = new(OutputPipe.Bytes, BufferedBytes);
        for (long index = start; index < end; index++)
        {
            interrupted.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte>? block = await core.GetAsync(index, cancellation: interrupted).ConfigureAwait(false);
            if (block is null && named is null)
                continue;
            if (block is not { } bytes)
                throw new CommandException(ExitCode.NotFound, "NO_BLOCK", $"block {index} is not stored here");
            if (!await core.IsIntactAsync(index).ConfigureAwait(false))
                throw await DescribeDamageAsync(core, index, parsed.GetValue(Folder)!).ConfigureAwait(false);
            if (parsed.GetValue(Json))
                JsonOutput.WriteLine(new JsonObject { ["index"] = index, ["value"] = Convert.ToHexStringLower(bytes.Span) });
            else
                Write(output, bytes.Span, parsed.GetValue(Raw));
        }

        return ExitCode.Success;
    }

    private static async Task<CommandException> DescribeDamageAsync(CoreClient core, long index, string folder)
    {
        string where = await core.AuditAsync().ConfigureAwait(false) ?? $"block {index} is not the one that was stored";
        return new CommandException(ExitCode.VerificationFailed, "CORRUPT_CORE", $"{folder}: {where}", "'auction core verify' checks the whole core");
    }

    private static void Write(Stream output, ReadOnlySpan<byte> bytes, bool raw)
    {
        output.Write(bytes);
        if (!raw)
            output.Write("\n"u8);
    }
}
