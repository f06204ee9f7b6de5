using System.CommandLine;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee get</c> and <c>ls</c>.</summary>
internal static class BeeReadVerbs
{
    public static Command Get()
    {
        Argument<string> folder = CoreArguments.Folder();
        Argument<string> key = new("key") { Description = "key in the encoding that is named" };
        Option<bool> json = SharedOptions.Json();
        Command command = new("get", "Print the value of a key. Example: auction bee get ./feed name");
        command.Arguments.Add(folder);
        command.Arguments.Add(key);
        BeeText.AddOptions(command);
        BeeSession.AddCheckout(command);
        command.Options.Add(json);
        command.SetAction((parsed, _) =>
        {
            BeePrinter printer = new(parsed, json);
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async session =>
            {
                await printer.PrintValueAsync(session, parsed.GetValue(key)!).ConfigureAwait(false);
                return ExitCode.Success;
            });
        });
        return command;
    }

    public static Command List()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<bool> json = SharedOptions.Json();
        Command command = new("ls", "List keys and values in order. Example: auction bee ls ./feed --gte a --lt b");
        command.Arguments.Add(folder);
        BeeBounds.AddOptions(command);
        BeeText.AddOptions(command);
        BeeSession.AddCheckout(command);
        command.Options.Add(json);
        command.SetAction((parsed, interrupted) =>
        {
            BeePrinter printer = new(parsed, json);
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async session =>
            {
                await printer.PrintRangeAsync(session, interrupted).ConfigureAwait(false);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
