namespace AuctionActors.Cli.Prompting;

/// <summary>The lines entered before, with the one being typed at the end.</summary>
internal sealed class LineHistory(int limit = 500)
{
    private readonly List<string> _lines = [];
    private int _at;
    private string _typed = "";

    /// <summary>Keeps an entered line, unless it is empty or the same as the last, and goes to the end.</summary>
    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
            _lines.Add(line);
        if (_lines.Count > limit)
            _lines.RemoveAt(0);
        _at = _lines.Count;
        _typed = "";
    }

    /// <summary>The line before; null at the beginning.</summary>
    public string? Back(string current)
    {
        if (_at == 0)
            return null;
        if (_at == _lines.Count)
            _typed = current;
        return _lines[--_at];
    }

    /// <summary>The line after, and at the end what was being typed; null beyond it.</summary>
    public string? Forward()
    {
        if (_at == _lines.Count)
            return null;
        return ++_at == _lines.Count ? _typed : _lines[_at];
    }
}
