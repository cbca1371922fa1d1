using Microsoft.Extensions.Logging;

namespace Strata.ServiceDefaults.Files;

/// <summary>
/// What a file holds, read again when it has changed (by time of writing or length, looked at once a second at most). A change that cannot
/// be read is logged and what was read before stays; one at the start is an exception.
/// </summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="path">Path of the file.</param>
/// <param name="read">Reads it.</param>
/// <param name="time">Clock of the looks.</param>
/// <param name="logger">Told of changes.</param>
internal sealed class WatchedFile<T>(string path, Func<string, T> read, TimeProvider time, ILogger logger)
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private T _current = read(path);
    private (DateTime Written, long Length) _seen = Look(path);
    private long _looked = time.GetTimestamp();

    /// <summary>What the file held when it was last read.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (time.GetElapsedTime(_looked) >= Interval)
                {
                    _looked = time.GetTimestamp();
                    Refresh();
                }

                return _current;
            }
        }
    }

    private void Refresh()
    {
        var now = Look(path);
        if (now == _seen)
        {
            return;
        }

        _seen = now;
        try
        {
            _current = read(path);
            logger.ReadAgain(path);
        }
        catch (Exception fault)
        {
            logger.Unreadable(fault, path);
        }
    }

    // Through a link: mounted secrets are swapped by one.
    private static (DateTime Written, long Length) Look(string path)
    {
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, -1);
    }
}
