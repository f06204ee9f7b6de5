using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Cli.Log;

/// <summary><c>auction log</c>: inspects the event log of a run or a node.</summary>
internal static class LogVerb
{
    public static Command Create()
    {
        Command log = new("log", "Inspect event logs. Example: auction log show runs/hello/latest --corr auction=Pic#1");
        log.Subcommands.Add(LogShowVerb.Create());
        log.Subcommands.Add(Summary());
        log.Subcommands.Add(Verify());
        log.Subcommands.Add(Digest());
        return log;
    }

    private static Command Summary() => OfFolder(
        "summary",
        "What the log holds: auctions, failures, events by kind and peer. Example: auction log summary runs/hello/latest",
        (log, isJson) =>
        {
            LogSummary summary = new(log.Read());
            if (isJson)
                JsonOutput.WriteLine(SummaryText.Json(summary));
            else
                SummaryText.Print(summary);
        });

    private static Command Verify() => OfFolder(
        "verify",
        "Recompute the log's tree and compare it with its seal; repairs nothing. Example: auction log verify runs/hello/latest",
        (log, isJson) =>
        {
            if (log.IsOpenEnded && log.FindFault() is null)
                throw Unsealed(log);
            if (log.Verify() is { } fault)
                throw new CommandException(ExitCode.VerificationFailed, "VERIFICATION_FAILED", fault);
            EventLogSeal seal = log.Seal!;
            if (isJson)
                JsonOutput.WriteLine(new JsonObject { ["verdict"] = "ok", ["treeHash"] = seal.TreeHash, ["blocks"] = seal.Length, ["events"] = seal.Count });
            else
                Console.WriteLine($"OK  {seal.Count} events in {seal.Length} blocks, tree hash {seal.TreeHash} equals the seal");
        });

    private static Command Digest() => OfFolder(
        "digest",
        "Print the log's tree hash, which names the run. Example: auction log digest runs/hello/latest",
        (log, isJson) =>
        {
            if (isJson)
                JsonOutput.WriteLine(new JsonObject { ["digest"] = log.TreeHash });
            else
                Console.WriteLine(log.TreeHash);
        });

    private static Command OfFolder(string name, string description, Action<EventLogFolder, bool> print)
    {
        Argument<string> folder = LogArguments.Folder();
        Option<bool> json = SharedOptions.Json();
        Command command = new(name, description) { folder, json };
        command.SetAction(parsed =>
        {
            using EventLogFolder log = Open(parsed.GetValue(folder)!);
            print(log, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static CommandException Unsealed(EventLogFolder log) => new(
        ExitCode.VerificationFailed,
        "NOT_SEALED",
        $"the log's {log.End.Count} events in {log.Length} blocks are sound, but it has no seal: its node still runs or was killed",
        "a clean end, or another run of the node that ends cleanly, seals it");

    /// <summary>Opens a log read-only, or says in one line why not.</summary>
    public static EventLogFolder Open(string path)
    {
        try
        {
            return EventLogFolder.Open(path);
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandException(ExitCode.NotFound, "NO_LOG", $"there is no event log in '{path}'", "give a run folder such as runs/hello/latest");
        }
        catch (InvalidDataException error)
        {
            throw new CommandException(ExitCode.VerificationFailed, "CORRUPT_LOG", error.Message);
        }
    }
}
