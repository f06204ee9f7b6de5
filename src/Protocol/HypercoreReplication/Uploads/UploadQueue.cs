using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Uploads;

/// <summary>Requests of the peer that have not been answered, each in one of two lanes.</summary>
internal sealed class UploadQueue(ReplicationOptions options)
{
    private const int FewestUnderWay = 8;
    private readonly Dictionary<long, RequestMessage> _waiting = [];
    private readonly Dictionary<long, RequestMessage> _proving = [];
    private readonly Queue<RequestMessage> _urgent = [];
    private readonly Queue<RequestMessage> _ordinary = [];
    private readonly BlockLengths _lengths = new();
    private int _mostUnderWay = options.MaxProofsUnderWay;

    /// <summary>False when the queue is full. A second request with an id that still waits replaces the first.</summary>
    public bool TryAdd(RequestMessage request)
    {
        if (!_waiting.ContainsKey(request.Id) && _waiting.Count + _proving.Count >= options.MaxQueuedUploads)
            return false;
        if (_urgent.Count + _ordinary.Count >= 2 * options.MaxQueuedUploads)
            return false;
        _proving.Remove(request.Id);
        _waiting[request.Id] = request;
        (request.Priority > 0 ? _urgent : _ordinary).Enqueue(request);
        return true;
    }

    /// <summary>No answer is sent for a request that was taken back.</summary>
    public void Cancel(long id)
    {
        _waiting.Remove(id);
        _proving.Remove(id);
    }

    /// <summary>The next request to work on, unless enough are being worked on.</summary>
    public bool TryStart([NotNullWhen(true)] out RequestMessage? request)
    {
        request = null;
        while (_proving.Count < _mostUnderWay && (_urgent.TryDequeue(out request) || _ordinary.TryDequeue(out request)))
        {
            // Cancelled and replaced requests stay in their lane until they come to the front.
            if (!_waiting.TryGetValue(request.Id, out RequestMessage? current) || !ReferenceEquals(current, request))
                continue;
            _waiting.Remove(request.Id);
            _proving[request.Id] = request;
            return true;
        }

        request = null;
        return false;
    }

    /// <summary>A block was read for an answer: few long ones are read ahead of the stream, and many short ones.</summary>
    public void NoteBlock(long length)
    {
        _lengths.Note(length);
        _mostUnderWay = _lengths.CountWithin(options.MaxProofBytesUnderWay, FewestUnderWay, options.MaxProofsUnderWay);
    }

    /// <summary>Takes the request that was worked on; false when it was cancelled meanwhile.</summary>
    public bool TryFinish(long id, [NotNullWhen(true)] out RequestMessage? request) => _proving.Remove(id, out request);
}
