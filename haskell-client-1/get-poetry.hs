-- | Haskell poetry client 1.0: a lazy poem, and a callback for every line.
module Main (main) where

import Control.Applicative ((<|>))
import Control.Concurrent (Chan, forkIO, newChan, readChan, writeChan)
import Control.Exception (IOException, bracketOnError, catch, throwIO, try)
import Control.Monad (replicateM_, void, when, zipWithM_)
import qualified Data.ByteString.Char8 as B
import qualified Data.ByteString.Lazy.Char8 as L
import Data.Char (isDigit)
import Data.List (isPrefixOf)
import Data.Text.Encoding (encodeUtf8)
import Data.Text.Encoding.Error (lenientDecode)
import Data.Text.Lazy (toChunks)
import Data.Text.Lazy.Encoding (decodeUtf8With)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import System.Environment (getArgs, getProgName)
import System.Exit (ExitCode (ExitFailure), exitSuccess, exitWith)
import System.IO

type Address = (HostName, ServiceName)

type Poem = L.ByteString

type Result = (Address, Either IOException Poem)

usage :: IO String
usage = do
    name <- getProgName
    return ("usage: " ++ name ++ " [-h] [host:]port ...\n")

printHelp :: IO a
printHelp = do
    usage >>= putStrLn
    putStrLn "Get a poem from every poetry server named.\n"
    putStrLn "positional arguments:"
    putStrLn "  [host:]port  where a server listens (default host: localhost)"
    putStrLn "\noptions:"
    putStrLn "  -h, --help   show this help message and exit"
    exitSuccess

usageError :: String -> IO a
usageError message = do
    usageText <- usage
    name <- getProgName
    hPutStrLn stderr (usageText ++ name ++ ": error: " ++ message)
    exitWith (ExitFailure 2)

parseArgs :: [String] -> IO [Address]
parseArgs args = do
    when (null args || any (`elem` ["-h", "--help"]) args) printHelp
    mapM parseAddress args

parseAddress :: String -> IO Address
parseAddress address
    | "-" `isPrefixOf` address && not (all isDigit (drop 1 address)) =
        usageError ("unrecognized arguments: " ++ address)
    | null digits || not (all isDigit digits) =
        usageError "Ports must be integers."
    | digits /= port || (read digits :: Integer) > 65535 =
        usageError "Ports must be between 0 and 65535."
    | otherwise = return (if null host then "localhost" else host, port)
  where
    (portReversed, rest) = break (== ':') (reverse address)
    host = reverse (drop 1 rest)
    port = reverse portReversed
    digits = if "-" `isPrefixOf` port then drop 1 port else port

-- | The name of a host may stand for several addresses: the first that
-- accepts is taken.
connectTo :: Address -> IO Handle
connectTo (host, port) = do
    let hints = defaultHints{addrSocketType = Stream}
    addresses <- getAddrInfo (Just hints) (Just host) (Just port)
    foldr1 (<|>) (map open addresses)
  where
    open address =
        bracketOnError (openSocket address) close $ \sock -> do
            connect sock (addrAddress address)
            socketToHandle sock ReadMode

-- | Lines with their ends, each as soon as it is there.
linesOf :: Poem -> [L.ByteString]
linesOf poem
    | L.null poem = []
    | otherwise = L.append line (L.take 1 rest) : linesOf (L.drop 1 rest)
  where
    (line, rest) = L.break (== '\n') poem

getPoetry :: Address -> (L.ByteString -> IO ()) -> IO Poem
getPoetry address gotLine = do
    h <- connectTo address
    poem <- L.hGetContents h
    mapM_ gotLine (linesOf poem)
    return poem

runTask :: Chan Result -> Int -> Address -> IO ()
runTask results taskNum address@(host, port) = void $ forkIO $ do
    result <- try (getPoetry address gotLine)
    writeChan results (address, result)
  where
    gotLine line = B.putStrLn . B.pack $
        "Task " ++ show taskNum ++ ": got " ++ show (L.length line)
            ++ " bytes of poetry from " ++ host ++ ":" ++ port

-- | UTF-8 in any locale, with bytes that are none replaced.
textOf :: Poem -> L.ByteString
textOf =
    L.fromChunks . map encodeUtf8 . toChunks . decodeUtf8With lenientDecode

-- | All at once, so that no line about another poem comes in between.
printPoem :: Poem -> IO ()
printPoem poem = B.putStrLn (L.toStrict (textOf poem))

poemFailed :: Address -> IOException -> IO ()
poemFailed (host, port) err = hPutStrLn stderr $
    "Poem failed: " ++ host ++ ":" ++ port ++ ": " ++ ioe_description err

main :: IO ()
main = do
    -- a command line may have letters that the locale doesn't
    mkTextEncoding "UTF-8//ROUNDTRIP" >>= hSetEncoding stderr
    addresses <- getArgs >>= parseArgs
    results <- newChan
    zipWithM_ (runTask results) [1 ..] addresses
    replicateM_ (length addresses) $ do
        (address, result) <- readChan results
        either throwIO printPoem result `catch` poemFailed address
