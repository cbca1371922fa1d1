using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Strata.ServiceDefaults.Files;

namespace Strata.ServiceDefaults.Tests.Files;

[Trait("height", "unit")]
public sealed class WatchedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-watched-");
    private readonly FakeTimeProvider _time = new();
    private readonly LevelsLogger _log = new();

    private string Watched => Path.Combine(_folder.FullName, "watched");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Current_FileThatIsAwayForAWhile_StaysAndIsSaidOnce()
    {
        File.WriteAllText(Watched, "first");
        var file = new WatchedFile<string>(Watched, File.ReadAllText, _time, _log);

        File.Delete(Watched);
        Assert.Equal(["first", "first", "first"], Enumerable.Range(0, 3).Select(_ => Look(file)));
        Assert.Equal([LogLevel.Error], _log.Levels);

        File.WriteAllText(Watched, "the second");
        Assert.Equal("the second", Look(file));
        Assert.Equal([LogLevel.Error, LogLevel.Information], _log.Levels);
    }

    [Fact]
    public void Current_ChangeThatCannotBeReadYet_IsReadWhenItCan()
    {
        File.WriteAllText(Watched, "first");
        var broken = false;
        var file = new WatchedFile<string>(
            Watched, path => broken ? throw new InvalidDataException("not yet") : File.ReadAllText(path), _time, _log);

        File.WriteAllText(Watched, "the second");
        broken = true;
        Assert.Equal(["first", "first"], Enumerable.Range(0, 2).Select(_ => Look(file)));
        broken = false;

        Assert.Equal("the second", Look(file));
        Assert.Equal([LogLevel.Error, LogLevel.Information], _log.Levels);
    }

    private string Look(WatchedFile<string> file)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return file.Current;
    }

    private sealed class LevelsLogger : ILogger
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Levels.Add(logLevel);
    }
}
