using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuctionActors.Interop.Tests.Harness;

/// <summary>A JavaScript peer in its own process: JSON lines in on stdin, JSON lines out on stdout.</summary>
public sealed class NodePeer : IDisposable
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _diagnostics = new();

    private readonly string _folder;
    private bool _isEndExpected;

    private NodePeer(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Starts <c>tests/Interop.Tests/Peers/&lt;script&gt;</c> with arguments.</summary>
    public static NodePeer Start(string script, params string[] arguments) => Launch("node", [script, .. arguments], Checkout.Peers);

    /// <summary>Starts any program that speaks in lines, for example our own command.</summary>
    public static NodePeer Launch(string program, IEnumerable<string> arguments, string folder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What a killed peer leaves in its temporary folder would stay there for ever.
        string temporary = Directory.CreateTempSubdirectory("peer-").FullName;
        start.Environment["TMPDIR"] = temporary;
        Process process = new() { StartInfo = start, EnableRaisingEvents = true };
        NodePeer peer = new(process, temporary);
        process.OutputDataReceived += (_, line) => peer.Receive(line.Data);
        process.ErrorDataReceived += (_, line) => peer._diagnostics.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>The next line of output, or an exception that holds the peer's stderr; at once if the peer has ended.</summary>
    public string ReadLine(TimeSpan? wait = null)
    {
        if (_lines.TryTake(out string? line, wait ?? DefaultWait))
            return line;

        if (_lines.IsCompleted && _process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.WaitForExit();
        throw new TimeoutException($"no line from the peer; stderr: {Diagnostics}");
    }

    /// <summary>The next line that is a JSON object and satisfies the condition; others are passed over.</summary>
    public JsonObject ReadJson(Func<JsonObject, bool>? condition = null, TimeSpan? wait = null)
    {
        Stopwatch elapsed = Stopwatch.StartNew();
        TimeSpan limit = wait ?? DefaultWait;
        while (true)
        {
            TimeSpan left = limit - elapsed.Elapsed;
            string line = ReadLine(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            if (line.StartsWith('{') && TryParse(line) is { } json && (condition is null || condition(json)))
                return json;
        }
    }

    /// <summary>The next JSON object whose <c>event</c> has this name.</summary>
    public JsonObject ReadEvent(string name, TimeSpan? wait = null) => ReadJson(json => (string?)json["event"] == name, wait);

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the end and answers the exit code.</summary>
    public int WaitForExit(TimeSpan? wait = null)
    {
        _isEndExpected = true;
        if (!_process.WaitForExit(wait ?? DefaultWait))
            throw new TimeoutException($"the peer did not exit; stderr: {Diagnostics}");

        // Only the wait without a limit also waits for what the process has written.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public string Diagnostics => string.Join('\n', _diagnostics);

    /// <summary>Ends the process at once, as a crash would.</summary>
    public void Kill()
    {
        _isEndExpected = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Asks the process to end, as a service's supervisor does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>Ends the process. One that failed by itself fails the test, in place of whatever the test waited for in vain.</summary>
    public void Dispose()
    {
        bool isFailed = !_isEndExpected && _process.HasExited && _process.ExitCode != 0;
        Kill();
        int code = _process.ExitCode;
        _process.Dispose();
        _lines.Dispose();
        Directory.Delete(_folder, recursive: true);
        if (isFailed)
            throw new InvalidOperationException($"the peer ended by itself with code {code}; stderr: {Diagnostics}");
    }

    private void Signal(string name)
    {
        _isEndExpected = true;
        using Process kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    private void Receive(string? line)
    {
        if (line is null)
            _lines.CompleteAdding();
        else
            _lines.Add(line);
    }

    private static JsonObject? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
