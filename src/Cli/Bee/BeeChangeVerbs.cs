using System.CommandLine;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee history</c> and <c>diff</c>.</summary>
internal static class BeeChangeVerbs
{
    public static Command History()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<long?> from = new("--from") { Description = "the first block; below zero it counts back from the end" };
        Option<long?> to = new("--to") { Description = "the block after the last; below zero it counts back from the end" };
        Option<bool> json = SharedOptions.Json();
        Command command = new("history", "List every put and deletion, oldest first. Example: auction bee history ./feed --from -10");
        command.Arguments.Add(folder);
        command.Options.Add(from);
        command.Options.Add(to);
        BeeBounds.AddOrder(command);
        BeeText.AddOptions(command);
        command.Options.Add(json);
        command.SetAction((parsed, interrupted) =>
        {
            BeePrinter printer = new(parsed, json);
            int left = BeeBounds.Limit(parsed) ?? int.MaxValue;
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async session =>
            {
                long Position(long position) => Math.Clamp(position < 0 ? position + session.Version : position, 1, Math.Max(1, session.Version));
                IAsyncEnumerable<BeeChange> changes = session.Bee.ChangesAsync(
                    Position(parsed.GetValue(from) ?? 1), Position(parsed.GetValue(to) ?? session.Version), BeeBounds.IsReverse(parsed), interrupted);
                await foreach (BeeChange change in changes.Where(change => printer.Text.Holds(change.Entry)).Take(left).ConfigureAwait(false))
                    printer.Print(change);
                return ExitCode.Success;
            });
        });
        return command;
    }

    public static Command Diff()
    {
        Argument<string> folder = CoreArguments.Folder();
        Argument<long> right = new("from") { Description = "the older version, a length of the core" };
        Argument<long?> left = new("to") { Description = "the newer version (default: the newest)", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = SharedOptions.Json();
        Command command = new("diff", "List the keys that two versions hold differently. Example: auction bee diff ./feed 10 25");
        command.Arguments.Add(folder);
        command.Arguments.Add(right);
        command.Arguments.Add(left);
        BeeBounds.AddOptions(command, reverse: false);
        BeeText.AddOptions(command);
        command.Options.Add(json);
        command.SetAction((parsed, interrupted) =>
        {
            BeePrinter printer = new(parsed, json);
            BeeRange range = BeeBounds.Of(parsed, printer.Text);
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async session =>
            {
                long newer = session.Known(parsed.GetValue(left) ?? session.Version), older = session.Known(parsed.GetValue(right));
                await foreach (BeeDifference difference in session.Bee.DifferencesAsync(newer, older, range, interrupted).ConfigureAwait(false))
                    printer.Print(difference);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
