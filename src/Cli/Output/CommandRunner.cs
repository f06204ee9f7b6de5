using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuctionActors.Cli.Output;

/// <summary>The process edge: parses, runs and turns every failure into one line and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        bool json = args.Contains(SharedOptions.JsonName);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Report(json, ArgumentErrors.Of(parsed));
        if (ArgumentErrors.StrayOption(parsed) is { } stray)
            return Report(json, stray);
        using CancellationTokenSource interrupted = new();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        OutputPipe? pipe = OutputPipe.TryUse(() => _ = interrupted.CancelAsync());
        int code = await RunAsync(parsed, json, interrupted.Token).ConfigureAwait(false);
        return code == ExitCode.Interrupted && pipe is { IsClosed: true } ? ExitCode.PipeClosed : code;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool json, CancellationToken interrupted)
    {
        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interrupted).ConfigureAwait(false);
        }
        catch (CommandException failure)
        {
            return Report(json, failure);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (InvalidDataException damage)
        {
            return Report(json, new CommandException(ExitCode.VerificationFailed, "CORRUPT", damage.Message));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Report(json, new CommandException(ExitCode.Usage, "IO", failure.Message));
        }
    }

    /// <summary>Prints the failure where its reader looks: JSON on stdout, or a line on stderr.</summary>
    public static int Report(bool json, CommandException failure)
    {
        if (json)
        {
            JsonObject error = new() { ["code"] = failure.Code, ["message"] = failure.Message, ["expected"] = failure.Expected };
            Console.Out.WriteLine(new JsonObject { ["error"] = error }.ToJsonString(JsonOutput.Compact));
        }
        else
        {
            string expected = failure.Expected is null ? "" : $" ({failure.Expected})";
            Console.Error.WriteLine($"auction: {failure.Message}{expected}");
        }

        return failure.Exit;
    }
}

/// <summary>How the command writes JSON.</summary>
internal static class JsonOutput
{
    public static JsonSerializerOptions Compact { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteLine(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Compact));
}
