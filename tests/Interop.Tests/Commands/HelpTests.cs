using System.CommandLine;
using AuctionActors.Cli;
using AuctionActors.Cli.Output;

namespace AuctionActors.Interop.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public void Every_verb_has_one_example_of_itself()
    {
        foreach ((string path, Command verb) in Verbs.All().SelectMany(verb => Below("auction", verb)))
        {
            Assert.Contains($"Example: {path}", verb.Description, StringComparison.Ordinal);
            Assert.All(verb.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{path} {option.Name}"));
        }
    }

    [Theory]
    [InlineData("nod", "unexpected 'nod'", "did you mean 'node'?")]
    [InlineData("node --nam X", "unknown option '--nam'", "did you mean '--name'?")]
    [InlineData("node --port abc", "'abc' is no value for --port", "a whole number")]
    [InlineData("sim run x --net virtul", "'virtul' is no value for --net", "did you mean 'virtual'?")]
    [InlineData("rpc call", "<public-key> is missing", "see 'auction rpc call --help'")]
    [InlineData("bootstrap --port 99999", "'99999' is no value for --port", "a port, 0 to 65535")]
    public void A_wrong_argument_gets_one_line_with_the_nearest_choice(string line, string message, string expected)
    {
        RootCommand root = new();
        foreach (Command verb in Verbs.All())
            root.Subcommands.Add(verb);
        CommandException error = ArgumentErrors.Of(root.Parse(line));
        Assert.Equal((2, message, expected), (error.Exit, error.Message, error.Expected));
    }

    private static IEnumerable<(string Path, Command Verb)> Below(string parent, Command verb)
    {
        string path = $"{parent} {verb.Name}";
        return verb.Subcommands.SelectMany(child => Below(path, child)).Prepend((path, verb));
    }
}
