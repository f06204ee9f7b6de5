namespace AuctionActors.Cli.Prompting;

/// <summary>A prompt on a terminal. Lines that others print appear above the one that is being typed.</summary>
internal sealed class TerminalLines(string prompt, LineEditor editor, TextWriter output)
{
    private const string ClearLine = "\r\u001b[K";

    private readonly Lock _lock = new();
    private bool _isTyping;

    /// <summary>Null at the end of input.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        // Waiting for a key blocks: it has a thread of its own, which ends with the process at the latest.
        Task<string?> typing = Task.Factory.StartNew(Type, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await typing.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void Print(string line)
    {
        lock (_lock)
        {
            output.WriteLine(_isTyping ? ClearLine + line : line);
            if (_isTyping)
                Draw();
            output.Flush();
        }
    }

    private string? Type()
    {
        Begin();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            lock (_lock)
            {
                switch (editor.Handle(key))
                {
                    case LineOutcome.Entered:
                        End();
                        return editor.Take();
                    case LineOutcome.Closed:
                        End();
                        return null;
                }

                if (editor.Choices.Count > 0)
                    output.WriteLine(ClearLine + string.Join("  ", editor.Choices));
                Draw();
            }
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            _isTyping = true;
            Draw();
        }
    }

    private void End()
    {
        _isTyping = false;
        output.WriteLine();
        output.Flush();
    }

    // A line longer than the terminal is shown around the cursor.
    private void Draw()
    {
        int room = Math.Max(8, Console.WindowWidth - prompt.Length - 1);
        int start = Math.Max(0, editor.Cursor - room);
        string shown = editor.Text[start..Math.Min(editor.Text.Length, start + room)];
        output.Write($"{ClearLine}{prompt}{shown}\r\u001b[{prompt.Length + editor.Cursor - start}C");
        output.Flush();
    }
}
