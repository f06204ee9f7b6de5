using AuctionActors.Cli.Node;
using AuctionActors.Cli.Prompting;

namespace AuctionActors.Interop.Tests.Nodes;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new(text => NodeCompletion.Find(text, () => ["Pic#1", "Client#1->Pic#1", "Client#1->Pic#2"]));

    [Theory]
    [InlineData("se\t", "sell ")]
    [InlineData("bid P\t80", "bid Pic#1 80")]
    [InlineData("bid C\t", "bid Client#1->Pic#")]
    [InlineData("sell Pic#1 75 --f\t5m", "sell Pic#1 75 --for 5m")]
    [InlineData("peers x\t", "peers x")]
    public void Tab_completes_commands_auctions_and_options(string keys, string line)
    {
        Type(keys);
        Assert.Equal((line, line.Length), (_editor.Text, _editor.Cursor));
    }

    [Fact]
    public void Tab_shows_the_choices_when_it_cannot_decide()
    {
        Type("bid Client#1->Pic#\t");
        Assert.Equal(["Client#1->Pic#1", "Client#1->Pic#2"], _editor.Choices);
    }

    [Fact]
    public void The_arrows_go_through_former_lines_and_back_to_the_one_being_typed()
    {
        Enter("ls");
        Enter("whoami");
        Type("bi");
        Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow);
        Assert.Equal("ls", _editor.Text);
        Press(ConsoleKey.DownArrow, ConsoleKey.DownArrow);
        Assert.Equal("bi", _editor.Text);
    }

    [Fact]
    public void Keys_edit_at_the_cursor()
    {
        Type("bid Pic#1 8");
        Press(ConsoleKey.Home, ConsoleKey.Delete);
        Type("B");
        Press(ConsoleKey.RightArrow, ConsoleKey.Backspace);
        Assert.Equal(("Bd Pic#1 8", 1), (_editor.Text, _editor.Cursor));
        Press(ConsoleModifiers.Control, ConsoleKey.E, ConsoleKey.W);
        Assert.Equal("Bd Pic#1 ", _editor.Text);
        Press(ConsoleModifiers.Control, ConsoleKey.U);
        Assert.Equal("", _editor.Text);
        Assert.Equal(LineOutcome.Closed, _editor.Handle(new ConsoleKeyInfo('\u0004', ConsoleKey.D, false, false, true)));
    }

    private void Enter(string line)
    {
        Type(line);
        Assert.Equal(LineOutcome.Entered, _editor.Handle(new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false)));
        Assert.Equal(line, _editor.Take());
    }

    private void Type(string keys)
    {
        foreach (char key in keys)
            _editor.Handle(new ConsoleKeyInfo(key, key == '\t' ? ConsoleKey.Tab : ConsoleKey.None, false, false, false));
    }

    private void Press(params ConsoleKey[] keys) => Press(ConsoleModifiers.None, keys);

    private void Press(ConsoleModifiers modifiers, params ConsoleKey[] keys)
    {
        foreach (ConsoleKey key in keys)
            _editor.Handle(new ConsoleKeyInfo('\0', key, false, false, modifiers == ConsoleModifiers.Control));
    }
}
