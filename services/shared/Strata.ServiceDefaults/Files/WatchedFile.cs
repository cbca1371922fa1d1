using Microsoft.Extensions.Logging;

namespace Strata.ServiceDefaults.Files;

/// <summary>
/// What a file holds, read again when it has changed (by time of writing or length, looked at once a second at most). A change that cannot
/// be read, or a file that is gone, is logged once and tried again, and what was read before stays; at the start it is an
/// <see cref="InvalidDataException"/>.
/// </summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="path">Path of the file.</param>
/// <param name="read">Reads it.</param>
/// <param name="time">Clock of the looks.</param>
/// <param name="logger">Told of changes.</param>
/// <param name="beside">Another file that is read with it, looked at as well; null: none.</param>
internal sealed class WatchedFile<T>(string path, Func<string, T> read, TimeProvider time, ILogger logger, string? beside = null)
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Sight _seen = Look(path, beside);
    private Sight? _unreadable;
    private T _current = First(path, read);
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
        var now = Look(path, beside);
        if (now == _seen)
        {
            _unreadable = null;
            return;
        }

        try
        {
            _current = read(path);
            _seen = now;
            _unreadable = null;
            logger.ReadAgain(path);
        }
        catch (Exception fault)
        {
            if (now != _unreadable)
            {
                _unreadable = now;
                logger.Unreadable(fault, path);
            }
        }
    }

    private static T First(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception fault) when (fault is not InvalidDataException)
        {
            throw new InvalidDataException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    private static Sight Look(string path, string? beside) => new(Look(path), beside is null ? default : Look(beside));

    // Through a link: mounted secrets are swapped by one.
    private static (DateTime Written, long Length) Look(string path)
    {
        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return (file.LastWriteTimeUtc, file.Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Gone, perhaps between two of these lines: reading it says so.
            return (DateTime.MinValue, -1);
        }
    }

    private readonly record struct Sight((DateTime Written, long Length) File, (DateTime Written, long Length) Beside);
}
