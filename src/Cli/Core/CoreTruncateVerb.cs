using System.CommandLine;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core truncate</c>: cuts a core under the next fork.</summary>
internal static class CoreTruncateVerb
{
    private static readonly Argument<string> Folder = CoreArguments.Folder();
    private static readonly Argument<long> Length = new("length") { Description = "blocks to keep" };
    private static readonly Option<long?> Fork = new("--fork") { Description = "the new fork (default: the next one)" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("truncate", "Cut the core to its first blocks. Example: auction core truncate ./feed 10");
        command.Arguments.Add(Folder);
        command.Arguments.Add(Length);
        command.Options.Add(Fork);
        command.Options.Add(Json);
        command.SetAction((parsed, _) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(Folder)!, readOnly: false),
            async core =>
            {
                await core.TruncateAsync(parsed.GetValue(Length), parsed.GetValue(Fork)).ConfigureAwait(false);
                CoreInfoText.Print(await core.GetInfoAsync().ConfigureAwait(false), parsed.GetValue(Json));
                return ExitCode.Success;
            }));
        return command;
    }
}
