namespace AuctionActors.Cli.Prompting;

/// <summary>What a key did to the line.</summary>
internal enum LineOutcome
{
    Editing,

    /// <summary>The line is done; <see cref="LineEditor.Take"/> gives it.</summary>
    Entered,

    /// <summary>The user has closed the input.</summary>
    Closed,
}

/// <summary>One line being typed: text, cursor, history and completion, without a terminal.</summary>
/// <param name="complete">The words that could stand in the place of the last word of a text.</param>
internal sealed class LineEditor(Func<string, IReadOnlyList<string>> complete)
{
    private readonly LineHistory _history = new();

    public string Text { get; private set; } = "";

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Completions to choose from, after a tab that could not decide.</summary>
    public IReadOnlyList<string> Choices { get; private set; } = [];

    public LineOutcome Handle(ConsoleKeyInfo key)
    {
        Choices = [];
        if (key is { Key: ConsoleKey.Enter })
            return LineOutcome.Entered;
        if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && Text.Length == 0)
            return LineOutcome.Closed;
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            HandleControl(key.Key);
        else if (!HandleMove(key.Key) && !char.IsControl(key.KeyChar))
            Replace(Cursor, Cursor, key.KeyChar.ToString());
        return LineOutcome.Editing;
    }

    /// <summary>The entered line; the editor begins a new one.</summary>
    public string Take()
    {
        string line = Text;
        _history.Add(line);
        Set("");
        return line;
    }

    private bool HandleMove(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.LeftArrow:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case ConsoleKey.Home:
                Cursor = 0;
                break;
            case ConsoleKey.End:
                Cursor = Text.Length;
                break;
            case ConsoleKey.Backspace when Cursor > 0:
                Replace(Cursor - 1, Cursor, "");
                break;
            case ConsoleKey.Delete when Cursor < Text.Length:
                Replace(Cursor, Cursor + 1, "");
                break;
            case ConsoleKey.UpArrow:
                Set(_history.Back(Text) ?? Text);
                break;
            case ConsoleKey.DownArrow:
                Set(_history.Forward() ?? Text);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                return false;
        }

        return true;
    }

    // The keys that every shell knows.
    private void HandleControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                Cursor = 0;
                break;
            case ConsoleKey.E:
                Cursor = Text.Length;
                break;
            case ConsoleKey.D when Cursor < Text.Length:
                Replace(Cursor, Cursor + 1, "");
                break;
            case ConsoleKey.U:
                Replace(0, Cursor, "");
                break;
            case ConsoleKey.K:
                Replace(Cursor, Text.Length, "");
                break;
            case ConsoleKey.W:
                Replace(Text.AsSpan(0, Cursor).TrimEnd().LastIndexOf(' ') + 1, Cursor, "");
                break;
            case ConsoleKey.P:
                Set(_history.Back(Text) ?? Text);
                break;
            case ConsoleKey.N:
                Set(_history.Forward() ?? Text);
                break;
        }
    }

    private void Complete()
    {
        int start = Text.AsSpan(0, Cursor).LastIndexOf(' ') + 1;
        string word = Text[start..Cursor];
        IReadOnlyList<string> words = complete(Text[..Cursor]);
        if (words is [string only])
            Replace(start, Cursor, only + " ");
        else if (words.Count > 1 && CommonPrefix(words) is { } prefix && prefix.Length > word.Length)
            Replace(start, Cursor, prefix);
        else
            Choices = words;
    }

    private static string CommonPrefix(IReadOnlyList<string> words)
    {
        string prefix = words[0];
        foreach (string word in words)
            prefix = prefix[..prefix.AsSpan().CommonPrefixLength(word)];
        return prefix;
    }

    private void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    private void Replace(int start, int end, string with)
    {
        Text = Text[..start] + with + Text[end..];
        Cursor = start + with.Length;
    }
}
