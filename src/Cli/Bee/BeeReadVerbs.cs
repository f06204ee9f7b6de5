using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee get</c>, <c>ls</c> and <c>history</c>.</summary>
internal static class BeeReadVerbs
{
    public static Command Get()
    {
        Argument<string> folder = CoreArguments.Folder();
        Argument<string> key = new("key") { Description = "key as text" };
        Option<long?> version = Version();
        Option<string> encoding = BeeText.Option();
        Option<bool> json = SharedOptions.Json();
        Command command = new("get", "Print the value of a key. Example: auction bee get ./feed name");
        command.Arguments.Add(folder);
        command.Arguments.Add(key);
        Add(command, version, encoding, json);
        command.SetAction((parsed, _) => BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async bee =>
        {
            string name = parsed.GetValue(key)!;
            BeeEntry entry = await bee.GetAsync(name, parsed.GetValue(version)).ConfigureAwait(false)
                ?? throw new CommandException(ExitCode.NotFound, "NO_KEY", $"there is no key '{name}'", "'auction bee ls' lists the keys");
            BeeText text = new(parsed.GetValue(encoding)!);
            if (parsed.GetValue(json))
                JsonOutput.WriteLine(text.ToJson(entry));
            else
                Console.WriteLine(BeeText.ToLine(text.Value(entry.Value)));
            return ExitCode.Success;
        }));
        return command;
    }

    public static Command List()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<string?>[] bounds = [Limit("--gt", "after"), Limit("--gte", "from"), Limit("--lt", "before"), Limit("--lte", "up to")];
        Option<bool> reverse = new("--reverse") { Description = "last key first" };
        Option<int?> limit = new("--limit") { Description = "at most so many" };
        Option<long?> version = Version();
        Option<string> encoding = BeeText.Option();
        Option<bool> json = SharedOptions.Json();
        Command command = new("ls", "List keys and values in order. Example: auction bee ls ./feed --gte a --lt b");
        command.Arguments.Add(folder);
        Add(command, [.. bounds, reverse, limit, version, encoding, json]);
        command.SetAction((parsed, _) => BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async bee =>
        {
            BeeRange range = new()
            {
                GreaterThan = Bound(parsed.GetValue(bounds[0])),
                GreaterOrEqual = Bound(parsed.GetValue(bounds[1])),
                LessThan = Bound(parsed.GetValue(bounds[2])),
                LessOrEqual = Bound(parsed.GetValue(bounds[3])),
                Reverse = parsed.GetValue(reverse),
                Limit = parsed.GetValue(limit),
            };
            BeeText text = new(parsed.GetValue(encoding)!);
            ImmutableArray<BeeEntry> entries = await bee.ListAsync(range, parsed.GetValue(version)).ConfigureAwait(false);
            foreach (BeeEntry entry in entries)
                Print(parsed.GetValue(json), text.ToJson(entry), text.ToLine(entry));
            return ExitCode.Success;
        }));
        return command;
    }

    public static Command History()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<string> encoding = BeeText.Option();
        Option<bool> json = SharedOptions.Json();
        Command command = new("history", "List every put and deletion, oldest first. Example: auction bee history ./feed");
        command.Arguments.Add(folder);
        Add(command, encoding, json);
        command.SetAction((parsed, _) => BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: true, async bee =>
        {
            BeeText text = new(parsed.GetValue(encoding)!);
            foreach (BeeChange change in await bee.HistoryAsync().ConfigureAwait(false))
            {
                string type = change.IsDeletion ? "del" : "put";
                JsonObject item = text.ToJson(change.Entry);
                item.Insert(0, "type", type);
                Print(parsed.GetValue(json), item, $"{change.Entry.Sequence}\t{type}\t{text.ToLine(change.Entry)}");
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private static Option<string?> Limit(string name, string meaning) => new(name) { Description = $"keys {meaning} this one" };

    private static Option<long?> Version() => new("--checkout") { Description = "read as the bee was at this length of its core" };

    private static ReadOnlyMemory<byte>? Bound(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : BeeText.Key(text);

    private static void Add(Command command, params Option[] options)
    {
        foreach (Option option in options)
            command.Options.Add(option);
    }

    private static void Print(bool json, JsonObject item, string line)
    {
        if (json)
            JsonOutput.WriteLine(item);
        else
            Console.WriteLine(line);
    }
}
