using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Hyper.Actors.Runtime.Files;

/// <summary>One thread that flushes files. Requests that arrive while a flush runs share the next one.</summary>
internal sealed class FlushThread : IDisposable
{
    private readonly BlockingCollection<Request> _requests = [];

    public FlushThread() => new Thread(Loop) { IsBackground = true, Name = "flush" }.Start();

    public void Add(IReadOnlyCollection<SafeFileHandle> files, string path, Action<FileOutcome> completed)
        => _requests.Add(new Request(files, path, completed));

    public void Dispose() => _requests.CompleteAdding();

    private void Loop()
    {
        var group = new List<Request>();
        var flushed = new Dictionary<SafeFileHandle, Exception?>();
        foreach (Request first in _requests.GetConsumingEnumerable())
        {
            group.Add(first);
            while (_requests.TryTake(out Request? next))
                group.Add(next);
            foreach (Request request in group)
                request.Completed(new FileOutcome(Flush(request, flushed)));
            group.Clear();
            flushed.Clear();
        }
    }

    private static Exception? Flush(Request request, Dictionary<SafeFileHandle, Exception?> flushed)
    {
        Exception? first = null;
        foreach (SafeFileHandle file in request.Files)
        {
            if (!flushed.TryGetValue(file, out Exception? error))
                flushed.Add(file, error = Flush(file, request.Path));
            first ??= error;
        }

        return first;
    }

    private static Exception? Flush(SafeFileHandle file, string path)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
            return null;
        }
        catch (ObjectDisposedException error)
        {
            return error;
        }
        catch (IOException error)
        {
            return DiskErrors.Translate(error, path);
        }
    }

    private sealed record Request(IReadOnlyCollection<SafeFileHandle> Files, string Path, Action<FileOutcome> Completed);
}
