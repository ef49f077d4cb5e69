@echo off
rem Puts Sellersheet into this user's Excel: double-click. Again: upgrades it.
setlocal
chcp 65001 >nul
set "WHAT=install"
if /i "%~n0"=="uninstall" set "WHAT=uninstall"
set "SETUP=%~dp0setup_windows.py"
if not exist "%SETUP%" set "SETUP=%~dp0addin\sellersheet_addin\setup_windows.py"
if not exist "%SETUP%" goto incomplete
set "CHECK=import sys; sys.exit(sys.version_info[:2] not in [(3, n) for n in range(11, 40)] or sys.maxsize.bit_length() == 31)"
set "PYTHON="
py -3 -c "%CHECK%" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "%CHECK%" >nul 2>nul
if not errorlevel 1 set "PYTHON=python"
if defined PYTHON goto found
for /d %%d in ("%LocalAppData%\Programs\Python\Python3*" "%ProgramFiles%\Python3*") do call :try "%%~d\python.exe"
if defined PYTHON goto found
goto nopython

:launcher
py -3 -I "%SETUP%" %WHAT% %*
goto end

:found
"%PYTHON%" -I "%SETUP%" %WHAT% %*
goto end

:try
if not exist "%~1" exit /b 0
"%~1" -c "%CHECK%" >nul 2>nul
if not errorlevel 1 set "PYTHON=%~1"
exit /b 0

:end
set "CODE=%ERRORLEVEL%"
:pause
if not defined SELLERSHEET_QUIET pause
exit /b %CODE%

:nopython
echo.
echo 没有找到 64 位的 Python 3.11 或更新版本。请从 https://www.python.org/downloads/windows/ 下载并安装（64-bit，
echo 勾选“Add python.exe to PATH”；不要用应用商店版），然后再双击本文件。什么都没有改动。
echo.
echo There is no 64-bit Python 3.11 or newer. Get it from https://www.python.org/downloads/windows/
echo (64-bit, tick "Add python.exe to PATH"; not the one of the Microsoft Store), then double-click
echo this file again. Nothing was changed.
set "CODE=2"
goto pause

:incomplete
echo 缺少 setup_windows.py：请把压缩包里的所有文件解压到同一个文件夹，再双击。
echo setup_windows.py is missing: unpack all files of the archive into one folder and try again.
set "CODE=2"
goto pause
