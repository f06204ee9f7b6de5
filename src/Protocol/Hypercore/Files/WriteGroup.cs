namespace Hyper.Protocol.Hypercore.Files;

/// <summary>
/// The writes and reports of several changes as those of one: neighbouring blocks and entries become one write each, and every entry
/// still follows its data.
/// </summary>
internal sealed class WriteGroup
{
    // Longer writes gain nothing, and entries wait for less data.
    private const int LongestRun = 128 * 1024;

    private readonly List<FileOperation> _operations = [];
    private readonly List<CoreEffect> _reports = [];
    private readonly Run _data = new(CoreFile.Data);
    private readonly Run _entries = new(CoreFile.Oplog);

    internal bool IsEmpty => _operations.Count == 0 && _data.IsEmpty && _entries.IsEmpty && _reports.Count == 0;

    /// <summary>Whether any of the changes waits for the disk.</summary>
    internal bool Flush { get; private set; }

    internal IReadOnlyList<CoreEffect> Reports => _reports;

    internal void Add(IReadOnlyList<FileOperation> operations, IReadOnlyList<CoreEffect> reports, bool flush)
    {
        Flush |= flush;
        for (int i = 0; i < operations.Count; i++)
            Add(operations[i]);
        for (int i = 0; i < reports.Count; i++)
            Add(reports[i]);
    }

    internal IReadOnlyList<FileOperation> TakeOperations()
    {
        _data.Close(_operations);
        _entries.Close(_operations);
        return _operations;
    }

    private void Add(FileOperation operation)
    {
        switch (operation)
        {
            case FileWrite { File: CoreFile.Data } data:
                _data.Add(data, _operations);
                break;
            case FileWrite { File: CoreFile.Oplog } entry:
                // Data may wait for more data, but no entry is written before what it speaks of.
                if (entry.Bytes.Length > BlockWrites.LongestCopied || _entries.MustClose(entry))
                    _data.Close(_operations);
                _entries.Add(entry, _operations);
                break;
            default:
                _data.Close(_operations);
                _entries.Close(_operations);
                _operations.Add(operation);
                break;
        }
    }

    private void Add(CoreEffect report)
    {
        if (report is BlocksAvailable next && _reports is [.., BlocksAvailable last] && last.Start + last.Count == next.Start)
            _reports[^1] = new BlocksAvailable(last.Start, last.Count + next.Count);
        else
            _reports.Add(report);
    }

    private sealed class Run(CoreFile file)
    {
        private readonly List<ReadOnlyMemory<byte>> _parts = [];
        private long _start;
        private int _length;

        internal bool IsEmpty => _parts.Count == 0;

        internal bool MustClose(FileWrite write)
            => !IsEmpty && (write.Offset != _start + _length
                || write.Bytes.Length > BlockWrites.LongestCopied || _length + write.Bytes.Length > LongestRun);

        internal void Add(FileWrite write, List<FileOperation> operations)
        {
            if (MustClose(write))
                Close(operations);
            if (write.Bytes.Length > BlockWrites.LongestCopied)
            {
                operations.Add(write);
                return;
            }

            if (IsEmpty)
                _start = write.Offset;
            _parts.Add(write.Bytes);
            _length += write.Bytes.Length;
        }

        internal void Close(List<FileOperation> operations)
        {
            if (IsEmpty)
                return;
            operations.Add(_parts.Count == 1 ? new FileWrite(file, _start, _parts[0]) : new FileGather(file, _start, [.. _parts]));
            _parts.Clear();
            _length = 0;
        }
    }
}
