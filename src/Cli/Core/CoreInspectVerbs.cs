using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core info</c> and <c>verify</c>: look without changing or locking anything.</summary>
internal static class CoreInspectVerbs
{
    public static Command Info()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<string?> encryptionKey = CoreArguments.EncryptionKey();
        Option<bool> json = SharedOptions.Json();
        Command command = new("info", "Print key, length, fork and tree hash. Example: auction core info ./feed --json");
        command.Arguments.Add(folder);
        command.Options.Add(encryptionKey);
        command.Options.Add(json);
        command.SetAction((parsed, _) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(folder)!, readOnly: true, parsed.GetValue(encryptionKey)),
            async core =>
            {
                CoreInfoText.Print(await core.GetInfoAsync().ConfigureAwait(false), parsed.GetValue(json));
                return ExitCode.Success;
            }));
        return command;
    }

    public static Command Verify()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<bool> json = SharedOptions.Json();
        Command command = new("verify", "Recompute every hash and the signature. Example: auction core verify ./feed");
        command.Arguments.Add(folder);
        command.Options.Add(json);
        command.SetAction((parsed, interrupted) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(folder)!, readOnly: true),
            core => VerifyAsync(core, parsed.GetValue(folder)!, parsed.GetValue(json), interrupted)));
        return command;
    }

    private static async Task<int> VerifyAsync(CoreClient core, string folder, bool json, CancellationToken interrupted)
    {
        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        ProgressLine progress = ProgressLine.ForTerminal(json);
        string? found = await core.AuditAsync((next, length) =>
        {
            interrupted.ThrowIfCancellationRequested();
            progress.Show(next, length);
        }).ConfigureAwait(false);
        progress.End();
        if (found is { } fault)
            throw new CommandException(
                ExitCode.VerificationFailed, "VERIFICATION_FAILED", $"{folder}: {fault}", $"'auction core repair {folder}' mends what it can");
        if (json)
        {
            JsonObject verdict = CoreInfoText.Json(info);
            verdict["verdict"] = "ok";
            JsonOutput.WriteLine(verdict);
        }
        else
        {
            Console.WriteLine($"OK  {info.Length} blocks, fork {info.Fork}, tree hash {info.Tree.Hash} signed by the writer");
        }

        return ExitCode.Success;
    }
}
