using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee put</c> and <c>del</c>.</summary>
internal static class BeeWriteVerbs
{
    public static Command Put()
    {
        Argument<string> value = new("value") { Description = "value in the encoding that is named" };
        Option<string> encoding = BeeText.Option();
        Command command = new("put", "Set a key. Example: auction bee put ./feed name Alice");
        return Complete(command, value, encoding, parsed => new BeeEdit(
            default, new BeeText(parsed.GetValue(encoding)!).Value(parsed.GetValue(value)!)));
    }

    public static Command Delete()
    {
        Command command = new("del", "Remove a key. Example: auction bee del ./feed name");
        return Complete(command, null, null, _ => new BeeEdit(default, null, IsDeletion: true));
    }

    private static Command Complete(Command command, Argument<string>? value, Option<string>? encoding, Func<ParseResult, BeeEdit> edit)
    {
        Argument<string> folder = CoreArguments.Folder();
        Argument<string> key = new("key") { Description = "key as text" };
        Option<bool> json = SharedOptions.Json();
        command.Arguments.Add(folder);
        command.Arguments.Add(key);
        if (value is not null)
            command.Arguments.Add(value);
        if (encoding is not null)
            command.Options.Add(encoding);
        command.Options.Add(json);
        command.SetAction((parsed, _) =>
        {
            BeeEdit change = edit(parsed) with { Key = BeeText.Key(parsed.GetValue(key)!) };
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: false, async bee =>
            {
                long version = await bee.WriteAsync(change).ConfigureAwait(false);
                if (parsed.GetValue(json))
                    JsonOutput.WriteLine(new JsonObject { ["version"] = version });
                else
                    Console.WriteLine($"version {version}");
                return ExitCode.Success;
            });
        });
        return command;
    }
}
