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
    [InlineData("core", "a verb is missing", "one of create, append, info, verify, repair, cat, truncate, share, fetch")]
    [InlineData("bootstrap --port 99999", "'99999' is no value for --port", "a port, 0 to 65535")]
    public void A_wrong_argument_gets_one_line_with_the_nearest_choice(string line, string message, string expected)
    {
        CommandException error = ArgumentErrors.Of(Root().Parse(line));
        Assert.Equal((2, message, expected), (error.Exit, error.Message, error.Expected));
    }

    [Theory]
    [InlineData("core append ./feed --jsno", "unknown option '--jsno'", "did you mean '--json'?")]
    [InlineData("bee put ./feed --kye-encodng x", "unknown option '--kye-encodng'", "did you mean '--key-encoding'?")]
    [InlineData("bee get ./feed --quite-other", "unknown option '--quite-other'", "behind -- it is taken as it stands")]
    [InlineData("bee get ./feed -- --json", null, null)]
    [InlineData("core append ./feed - -1 --file --lines", null, null)]
    public void What_looks_like_an_option_is_no_value_unless_that_is_said(string line, string? message, string? expected)
    {
        CommandException? error = ArgumentErrors.StrayOption(Root().Parse(line));
        Assert.Equal((message, expected), (error?.Message, error?.Expected));
    }

    private static RootCommand Root()
    {
        RootCommand root = new();
        foreach (Command verb in Verbs.All())
            root.Subcommands.Add(verb);
        return root;
    }

    private static IEnumerable<(string Path, Command Verb)> Below(string parent, Command verb)
    {
        string path = $"{parent} {verb.Name}";
        return verb.Subcommands.SelectMany(child => Below(path, child)).Prepend((path, verb));
    }
}
