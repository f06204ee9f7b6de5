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
        Command command = new("put", "Set a key. Example: auction bee put ./feed name Alice");
        return Complete(command, value, (parsed, text) => new BeeEdit(default, text.Value(parsed.GetValue(value)!)));
    }

    public static Command Delete()
    {
        Command command = new("del", "Remove a key. Example: auction bee del ./feed name");
        return Complete(command, null, (_, _) => new BeeEdit(default, null, IsDeletion: true));
    }

    private static Command Complete(Command command, Argument<string>? value, Func<ParseResult, BeeText, BeeEdit> edit)
    {
        Argument<string> folder = CoreArguments.Folder();
        Argument<string> key = new("key") { Description = "key in the encoding that is named" };
        Option<bool> json = SharedOptions.Json();
        command.Arguments.Add(folder);
        command.Arguments.Add(key);
        if (value is not null)
            command.Arguments.Add(value);
        BeeText.AddOptions(command, values: value is not null);
        command.Options.Add(json);
        command.SetAction((parsed, _) =>
        {
            BeeText text = BeeText.Of(parsed);
            BeeEdit change = edit(parsed, text) with { Key = text.Key(parsed.GetValue(key)!) };
            return BeeSession.RunAsync(parsed.GetValue(folder)!, readOnly: false, async session =>
            {
                long version = await session.Bee.WriteAsync(change).ConfigureAwait(false);
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
